// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StorageConfig;
import dev.narthex.config.file.ByteSize;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.model.GoFloat;
import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.configuration.LoadedConfiguration;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /api/v1/status/config}, {@code flags}, {@code runtimeinfo} and {@code buildinfo}, and {@code /version}. */
public final class StatusApi {
    private final ServerStatus server;
    private final Supplier<LoadedConfiguration> loaded;
    private final Supplier<StorageConfig.Retention> retention;
    private final Supplier<Long> corruptions;
    private final String logLevel;
    private final InstantSource clock;

    /**
     * @param retention how much of the past is kept
     * @param corruptions damages of the log that were found and repaired since the start
     * @param logLevel what the flag says, which Prometheus shows as a part of the configuration
     */
    public StatusApi(
            ServerStatus server,
            Supplier<LoadedConfiguration> loaded,
            Supplier<StorageConfig.Retention> retention,
            Supplier<Long> corruptions,
            String logLevel,
            InstantSource clock) {
        this.server = server;
        this.loaded = loaded;
        this.retention = retention;
        this.corruptions = corruptions;
        this.logLevel = logLevel;
        this.clock = clock;
    }

    /** The configuration that runs, defaults included, secrets hidden, in the form of a prometheus.yml. */
    public Response config(Request request) {
        String yaml = ConfigWriter.effective()
                .prometheus(loaded.get()
                        .configuration()
                        .prometheus()
                        .withRetention(retention.get())
                        .withLogLevel(logLevel));
        return JsonEnvelope.success(
                json -> json.beginObject().member("yaml", yaml).endObject());
    }

    /** {@code /api/v1/scrape_pools/config} with {@code scrapePool}: the same of one scrape pool. */
    public Response scrapePoolConfig(Request request) {
        String pool = request.parameter("scrapePool");
        if (pool.isEmpty()) {
            throw ApiException.badData("no scrapePool parameter provided");
        }
        ScrapeConfig config = loaded.get().configuration().prometheus().allScrapeConfigs().stream()
                .filter(candidate -> candidate.jobName().equals(pool))
                .findFirst()
                .orElseThrow(() -> ApiException.badData(
                        "error retrieving scrape config: scrape pool " + QuotedString.of(pool) + " not found"));
        String yaml = ConfigWriter.effective().scrapeConfig(config);
        return JsonEnvelope.success(
                json -> json.beginObject().member("yaml", yaml).endObject());
    }

    public Response flags(Request request) {
        Map<String, String> sorted = new TreeMap<>(server.flags());
        return JsonEnvelope.success(json -> {
            json.beginObject();
            for (Map.Entry<String, String> flag : sorted.entrySet()) {
                json.member(flag.getKey(), flag.getValue());
            }
            json.endObject();
        });
    }

    /** The fields of Prometheus; those that ask about Go tell of the Java that runs. */
    public Response runtimeInfo(Request request) {
        LoadedConfiguration configuration = loaded.get();
        return JsonEnvelope.success(json -> json.beginObject()
                .member("startTime", GoTime.format(server.startTime()))
                .member("CWD", server.workingDirectory())
                .member("hostname", server.hostname())
                .member("serverTime", GoTime.format(clock.instant()))
                .member("reloadConfigSuccess", configuration.isGood())
                .member(
                        "lastConfigTime",
                        configuration.loadedAt() == null
                                ? GoTime.format(null)
                                : GoTime.format(configuration.loadedAt().truncatedTo(ChronoUnit.SECONDS)))
                .member("corruptionCount", corruptions.get())
                .member("goroutineCount", threads())
                .member("GOMAXPROCS", Runtime.getRuntime().availableProcessors())
                .member("GOMEMLIMIT", Runtime.getRuntime().maxMemory())
                .member("GOGC", "")
                .member("GODEBUG", "")
                .member("storageRetention", words(retention.get()))
                .endObject());
    }

    private static String words(StorageConfig.Retention retention) {
        List<String> limits = new ArrayList<>();
        if (!retention.time().isZero()) {
            limits.add(PromDuration.format(retention.time().toMillis()));
        }
        if (retention.sizeBytes() > 0) {
            limits.add(ByteSize.format(retention.sizeBytes()));
        }
        if (retention.percentage() > 0) {
            limits.add(GoFloat.general(retention.percentage()) + "%");
        }
        return String.join(" or ", limits);
    }

    private static int threads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        ThreadGroup root = group;
        while (group != null) {
            root = group;
            group = group.getParent();
        }
        return root == null ? 0 : root.activeCount();
    }

    public Response buildInfo(Request request) {
        return JsonEnvelope.success(StatusApi::writeBuild);
    }

    /** {@code /version}: the build without the envelope, as plain text as in Prometheus. */
    public Response version(Request request) {
        return Response.of(200, Response.PLAIN, out -> {
            JsonWriter json = new JsonWriter(out);
            writeBuild(json);
            json.flush();
        });
    }

    private static void writeBuild(JsonWriter json) throws IOException {
        json.beginObject()
                .member("version", BuildVersion.version())
                .member("revision", "")
                .member("branch", "")
                .member("buildUser", "")
                .member("buildDate", "")
                .member("goVersion", BuildVersion.java())
                .endObject();
    }
}
