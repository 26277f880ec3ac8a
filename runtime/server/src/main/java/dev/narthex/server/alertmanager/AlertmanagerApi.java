// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import com.google.re2j.Pattern;
import dev.narthex.alerting.Alerting;
import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.http.Endpoint;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.http.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The routes of {@code /api/v2}. */
public final class AlertmanagerApi {
    private static final String BASE = "/api/v2";
    private static final List<String> METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");
    private static final List<String> ACCEPTED = List.of("*/*", "application/*", "application/json");
    private static final int MAX_BODY_BYTES = 32 << 20;

    private final Supplier<Alerting> alerting;
    private final Supplier<AlertmanagerConfig> config;
    private final Instant startTime;
    private final Pattern corsOrigin;
    private final AlertsApi alerts;
    private final SilencesApi silences;

    /**
     * @param alerting is running once the server is ready
     * @param config what alerting works by
     * @param corsOrigin origins that scripts may come from, to be matched whole
     */
    public AlertmanagerApi(
            Supplier<Alerting> alerting,
            Supplier<AlertmanagerConfig> config,
            InstantSource clock,
            Instant startTime,
            Pattern corsOrigin) {
        this.alerting = alerting;
        this.config = config;
        this.startTime = startTime;
        this.corsOrigin = corsOrigin;
        alerts = new AlertsApi(alerting);
        silences = new SilencesApi(alerting, clock);
    }

    public List<Route> routes() {
        return List.of(
                route("/status", Map.of("GET", this::status)),
                route("/receivers", Map.of("GET", this::receivers)),
                route("/alerts", Map.of("GET", alerts::list, "POST", alerts::post)),
                route("/alerts/groups", Map.of("GET", alerts::groups)),
                route("/silences", Map.of("GET", silences::list, "POST", silences::post)),
                route("/silence/:silenceID", Map.of("GET", silences::get, "DELETE", silences::delete)),
                route("/*", Map.of()));
    }

    private Route route(String path, Map<String, Endpoint> byMethod) {
        SortedMap<String, Endpoint> sorted = new TreeMap<>(byMethod);
        return new Route(BASE + path, METHODS, true, true, request -> answer(request, sorted))
                .withMaxBodyBytes(MAX_BODY_BYTES);
    }

    private Response answer(Request request, SortedMap<String, Endpoint> byMethod) throws InterruptedException {
        boolean preflight =
                request.method().equals("OPTIONS") && request.header("access-control-request-method") != null;
        if (preflight) {
            return withOrigin(request, Response.empty(204))
                    .withHeader("Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, POST")
                    .withHeader("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
        }
        Response response;
        try {
            response = endpoint(request, byMethod).handle(request);
        } catch (Refusal e) {
            response = e.response();
            if (response.status() == 405) {
                response = response.withHeader("Allow", String.join(",", byMethod.keySet()));
            }
        }
        return withOrigin(request, response).withHeader("Cache-Control", "no-store");
    }

    private Response withOrigin(Request request, Response response) {
        String origin = request.header("origin");
        Response varying = response.withHeader("Vary", "Origin");
        return origin != null && corsOrigin.matches(origin)
                ? varying.withHeader("Access-Control-Allow-Origin", origin)
                : varying;
    }

    private static Endpoint endpoint(Request request, SortedMap<String, Endpoint> byMethod) {
        if (byMethod.isEmpty()) {
            throw Refusal.ofHttp(404, "path " + request.path() + " was not found");
        }
        Endpoint endpoint = byMethod.get(request.method());
        if (endpoint == null) {
            throw Refusal.ofHttp(
                    405,
                    "method " + request.method() + " is not allowed, but [" + String.join(",", byMethod.keySet())
                            + "] are");
        }
        String accept = request.headers().getOrDefault("accept", "*/*");
        boolean reads = request.method().equals("GET");
        if (reads && ACCEPTED.stream().noneMatch(accept::contains)) {
            throw Refusal.ofHttp(406, "unsupported media type requested, only [application/json] are available");
        }
        return endpoint;
    }

    /** There is no cluster: each runtime notifies for itself. */
    private Response status(Request request) {
        String original = ConfigWriter.effective().alertmanager(config.get());
        return AlertmanagerJson.response(json -> json.beginObject()
                .name("cluster")
                .beginObject()
                .name("peers")
                .strings(List.of())
                .member("status", "disabled")
                .endObject()
                .name("config")
                .beginObject()
                .member("original", original)
                .endObject()
                .member("uptime", AlertmanagerJson.time(startTime))
                .name("versionInfo")
                .beginObject()
                .member("branch", "")
                .member("buildDate", "")
                .member("buildUser", "")
                .member("goVersion", BuildVersion.java())
                .member("revision", "")
                .member("version", BuildVersion.version())
                .endObject()
                .endObject());
    }

    private Response receivers(Request request) {
        Predicate<String> chosen = Filters.receiverMatchers(request);
        List<String> names = alerting.get().receivers().stream().filter(chosen).toList();
        return AlertmanagerJson.response(json -> {
            json.beginArray();
            for (String name : names) {
                json.beginObject()
                        .name("labels")
                        .beginObject()
                        .member("name", name)
                        .endObject()
                        .member("name", name)
                        .endObject();
            }
            json.endArray();
        });
    }
}
