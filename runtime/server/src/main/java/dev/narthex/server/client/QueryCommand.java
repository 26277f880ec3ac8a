// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.client;

import dev.narthex.config.ConfigException;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.BufferPool;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetchers;
import dev.narthex.model.GoFloat;
import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.server.command.Command;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code narthex query}: asks a running server, and prints what it answers, in the forms and exit codes of promtool. */
public final class QueryCommand {
    private static final long DEFAULT_RANGE_MS = 5 * 60_000;
    private static final long DEFAULT_STEPS = 250;

    /** How far before and after now series and labels are looked for where no times are given, as promtool does. */
    private static final long EVER_MS = 9_999 * 3_600_000L;

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Consumer<String> output;
    private final Consumer<String> errors;
    private final InstantSource clock;

    /**
     * Makes a command.
     *
     * @param output takes what is printed
     * @param errors takes why nothing is
     */
    public QueryCommand(Consumer<String> output, Consumer<String> errors) {
        this(output, errors, WallClock.system());
    }

    QueryCommand(Consumer<String> output, Consumer<String> errors, InstantSource clock) {
        this.output = output;
        this.errors = errors;
        this.clock = clock;
    }

    /** Asks, and gives the exit code: 1 where there is no answer to print. */
    public int run(Command.Query query) {
        try {
            JsonObject answer = ask(query, path(query), form(query));
            output.accept(QueryOutput.of(query, answer));
            return 0;
        } catch (IOException | ConfigException | IllegalArgumentException e) {
            errors.accept("query error: " + e.getMessage() + "\n");
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static String path(Command.Query query) {
        return switch (query.kind()) {
            case INSTANT -> "/api/v1/query";
            case RANGE -> "/api/v1/query_range";
            case SERIES -> "/api/v1/series";
            case LABELS ->
                "/api/v1/label/"
                        + URLEncoder.encode(query.subject(), StandardCharsets.UTF_8)
                                .replace("+", "%20") + "/values";
        };
    }

    private String form(Command.Query query) {
        StringJoiner form = new StringJoiner("&");
        switch (query.kind()) {
            case INSTANT -> {
                add(form, "query", query.subject());
                add(form, "time", query.timeMs().orElseGet(clock::millis));
            }
            case RANGE -> {
                add(form, "query", query.subject());
                range(query, form);
            }
            case SERIES, LABELS -> {
                query.matches().forEach(match -> add(form, "match[]", match));
                add(form, "start", query.startMs().orElseGet(() -> clock.millis() - EVER_MS));
                add(form, "end", query.endMs().orElseGet(() -> clock.millis() + EVER_MS));
            }
        }
        return form.toString();
    }

    private void range(Command.Query query, StringJoiner form) {
        long endMs = query.endMs().orElseGet(clock::millis);
        long startMs = query.startMs().orElse(endMs - DEFAULT_RANGE_MS);
        if (endMs <= startMs) {
            throw new IllegalArgumentException("start time is not before end time");
        }
        add(form, "start", startMs);
        add(form, "end", endMs);
        // Whole seconds, one at least.
        long defaultMs = Math.max(1, (endMs - startMs) / 1000 / DEFAULT_STEPS) * 1000;
        add(form, "step", query.stepMs().orElse(defaultMs));
    }

    private static void add(StringJoiner form, String name, long millis) {
        add(form, name, GoFloat.fixed(millis / 1000.0));
    }

    private static void add(StringJoiner form, String name, String value) {
        form.add(URLEncoder.encode(name, StandardCharsets.UTF_8)
                + '='
                + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private JsonObject ask(Command.Query query, String path, String form)
            throws IOException, InterruptedException, ConfigException {
        String server = query.server().toString();
        String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        Map<String, String> headers = new HashMap<>(query.headers());
        // A label's values are asked for by GET only.
        boolean get = query.kind() == Command.QueryKind.LABELS;
        headers.put("Accept-Encoding", "identity");
        if (!get) {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
        }
        URI uri = URI.create(base + path + (get && !form.isEmpty() ? "?" + form : ""));
        HttpCall call = new HttpCall(get ? "GET" : "POST", uri, headers, get ? "" : form, TIMEOUT);
        BodyBuffer body = new BodyBuffer(new BufferPool(0));
        body.start(BodyBuffer.MAX_BYTES);
        try (HttpFetchers fetchers = new HttpFetchers(Ticker.system(), clock)) {
            HttpAnswer answer =
                    fetchers.configured(httpConfig(query.httpConfig())).fetch(call, body);
            String text = new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
            return parsed(answer.status(), text);
        } finally {
            body.release();
        }
    }

    private static HttpClientConfig httpConfig(@Nullable Path file) throws IOException, ConfigException {
        if (file == null) {
            return HttpClientConfig.DEFAULT;
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return new ConfigLoader(name -> Objects.requireNonNullElse(System.getenv(name), ""))
                .httpClient(text, file.toString(), file.toAbsolutePath().getParent());
    }

    /** The answer, which says what went wrong where something did. */
    private static JsonObject parsed(int status, String text) throws IOException {
        try {
            JsonObject answer = new JsonObject(text);
            if ("success".equals(answer.getString("status"))) {
                return answer;
            }
            if (answer.containsKey("errorType")) {
                throw new IOException(answer.getString("errorType") + ": " + answer.getString("error"));
            }
        } catch (DecodeException | ClassCastException _) {
            // No server of this API: its status says more than its text.
        }
        String kind = status >= 500 ? "server_error: server error" : "client_error: client error";
        throw new IOException(kind + ": " + status + " (detail: " + text.strip() + ")");
    }
}
