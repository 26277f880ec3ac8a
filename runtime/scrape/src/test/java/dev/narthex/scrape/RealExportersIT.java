// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.ConfigException;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Running exporters, scraped by a real Prometheus and by Narthex: in each format through a recorder that gives both the
 * very same bytes, so that values too must be equal, and without it. {@code e2e/exporters} starts the exporters and this
 * test; {@code -Dexporters=NAME=URL,...} says where they are. What they answered once is compared in
 * {@link ExpositionDifferentialIT} always.
 */
class RealExportersIT {
    private static final String EXPORTERS = System.getProperty("exporters", "");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIRECT = "direct";
    private static final Map<String, String> RECORDED_JOBS = Map.of(
            "negotiated", "",
            "text", "scrape_protocols: [PrometheusText0.0.4]",
            "open", "scrape_protocols: [OpenMetricsText1.0.0, PrometheusText0.0.4]",
            "messages", "scrape_protocols: [PrometheusProto, PrometheusText0.0.4]",
            "plain", "enable_compression: false");

    @TempDir
    private Path directory;

    private final Map<String, HttpResponse<byte[]>> recorded = new ConcurrentHashMap<>();
    private final Map<String, URI> exporters = new TreeMap<>();

    /** What became of the targets, by job and instance, and their metadata. */
    private record Result(
            Map<String, String> health, TreeMap<String, String> samples, TreeMap<String, String> metadata) {
        Result() {
            this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        }

        /** The names of series that are scraped without the recorder: their values are other ones each time. */
        TreeSet<String> directSeries() {
            TreeSet<String> names = new TreeSet<>();
            samples.forEach((series, value) -> {
                if (isDirect(series)) {
                    names.add(series.startsWith("up{") ? series + " " + value : series);
                }
            });
            return names;
        }

        TreeMap<String, String> recordedSamples() {
            TreeMap<String, String> some = new TreeMap<>(samples);
            some.keySet().removeIf(Result::isDirect);
            return some;
        }

        private static boolean isDirect(String series) {
            return series.contains("job=\"" + DIRECT + "\"");
        }
    }

    @Test
    void makesOfRealExportersWhatPrometheusMakesOfThem() throws Exception {
        Assumptions.assumeFalse(
                EXPORTERS.isEmpty(), "no exporters run beside this test; e2e/exporters starts some and this test");
        for (String exporter : EXPORTERS.split(",", -1)) {
            String[] parts = exporter.split("=", 2);
            exporters.put(parts[0], URI.create(parts[1]));
        }
        try (HttpClient client = HttpClient.newHttpClient();
                LoopbackServer recorder = LoopbackServer.start((request, out) -> answer(client, request, out));
                PeerProcess prometheus = PeerProcess.prometheus(
                        Peers.newestPrometheus().orElseGet(Peers::prometheus),
                        configuration(recorder.address()),
                        directory,
                        "--log.level=warn");
                Ours ours = new Ours(configuration(recorder.address()))) {
            int targets = exporters.size() * (RECORDED_JOBS.size() + 1);
            await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
                Result theirs = theirs(prometheus);
                Result mine = ours.result();
                // Both, on every target; and without the recorder both saw the series that exist by now.
                return theirs.health.size() == targets
                        && mine.health.size() == targets
                        && !theirs.samples.isEmpty()
                        && theirs.directSeries().equals(mine.directSeries())
                        && theirs.recordedSamples().size()
                                == mine.recordedSamples().size();
            });
            Result theirs = theirs(prometheus);
            Result mine = ours.result();
            assertThat(theirs.health.values()).containsOnly("up");
            assertThat(mine.health).isEqualTo(theirs.health);
            assertThat(mine.recordedSamples()).isEqualTo(theirs.recordedSamples());
            assertThat(mine.metadata).isEqualTo(theirs.metadata);
            // Each exporter was asked once for each way of asking: the two ask in the same words.
            assertThat(recorded).hasSize(exporters.size() * RECORDED_JOBS.size());
            report(mine);
        }
    }

    private void report(Result result) {
        exporters
                .keySet()
                .forEach(name -> RECORDED_JOBS.keySet().stream().sorted().forEach(job -> {
                    String target = "instance=\"" + name + "\", job=\"" + job + "\"";
                    long series = result.samples.keySet().stream()
                            .filter(labels -> labels.contains(target))
                            .count();
                    System.out.println(name + " " + job + ": " + series + " series equal");
                }));
    }

    @Test
    void theConfigurationOfTheComparisonIsTaken() {
        exporters.put("node", URI.create("http://127.0.0.1:1/metrics"));
        assertThat(config(configuration("127.0.0.1:1")).scrapeConfigs()).hasSize(RECORDED_JOBS.size() + 1);
        assertThatThrownBy(() -> config("scrape_configs: 1")).isInstanceOf(IllegalArgumentException.class);
    }

    private String configuration(String recorder) {
        StringBuilder yaml = new StringBuilder("global: {scrape_interval: 5s, scrape_timeout: 5s}\nscrape_configs:\n");
        new TreeMap<>(RECORDED_JOBS).forEach((job, options) -> {
            yaml.append("- job_name: ").append(job).append('\n');
            if (!options.isEmpty()) {
                yaml.append("  ").append(options).append('\n');
            }
            yaml.append("  static_configs:\n");
            exporters.keySet().forEach(name -> target(yaml, recorder, name, "/" + job + "/" + name));
        });
        yaml.append("- job_name: " + DIRECT + "\n  static_configs:\n");
        exporters.forEach((name, uri) -> target(yaml, uri.getAuthority(), name, uri.getPath()));
        return yaml.toString();
    }

    private static void target(StringBuilder yaml, String address, String instance, String path) {
        yaml.append("  - {targets: ['").append(address).append("'], labels: {instance: ");
        yaml.append(instance).append(", __metrics_path__: '").append(path).append("'}}\n");
    }

    /** Gives what the exporter answered the first time that it was asked in these words. */
    private void answer(HttpClient client, LoopbackRequest request, OutputStream out) throws IOException {
        String accept = request.header("accept");
        String encoding = request.header("accept-encoding");
        String name = request.target().replaceFirst(".*/", "");
        // Weights of 3.15 begin elsewhere than those of 3.5; the order is the same.
        String words = request.target() + "\n" + accept.replaceAll(";q=[0-9.]+", "") + "\n" + encoding;
        HttpResponse<byte[]> response = recorded.computeIfAbsent(words, _ -> {
            HttpRequest.Builder forwarded =
                    HttpRequest.newBuilder(exporters.get(name)).timeout(LIMIT).header("Accept", accept);
            if (!encoding.isEmpty()) {
                forwarded.header("Accept-Encoding", encoding);
            }
            try {
                return client.send(forwarded.build(), HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        Map<String, String> headers = new HashMap<>();
        for (String header : List.of("Content-Type", "Content-Encoding")) {
            response.headers().firstValue(header).ifPresent(value -> headers.put(header, value));
        }
        LoopbackServer.respond(out, response.statusCode(), headers, response.body());
    }

    private static PrometheusConfig config(String yaml) {
        try {
            return new ConfigLoader(_ -> "").prometheus(yaml, "prometheus.yml");
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Narthex' scraping, on a simple storage. */
    private static final class Ours implements AutoCloseable {
        private final MemoryStorage storage = new MemoryStorage();
        private final SystemScheduler scheduler = new SystemScheduler("exporters");
        private final HttpLoop loop = new HttpLoop("exporters", scheduler);
        private final HttpFetchers client = new HttpFetchers(loop, Map.of());
        private final StandardDiscoverers discoverers = new StandardDiscoverers(scheduler, client, "test");
        private final DiscoveryManager discovery = new DiscoveryManager(scheduler, discoverers);
        private final ScrapeManager manager =
                new ScrapeManager(storage, discovery, loop, client, ScrapeSettings.of("exporters", 42));

        Ours(String yaml) {
            PrometheusConfig config = config(yaml);
            manager.apply(config.scrapeConfigs(), config.global());
        }

        Result result() {
            Result result = new Result();
            for (TargetView target : manager.activeTargets()) {
                if (target.health() != TargetHealth.UNKNOWN) {
                    String error = target.lastError();
                    result.health.put(
                            key(target.labels()),
                            error.isEmpty() ? target.health().text() : error);
                }
            }
            for (Labels labels : storage.series()) {
                List<String> values = storage.values(labels);
                if (!values.getLast().equals("stale")) {
                    put(result, labels, values.getLast());
                }
            }
            for (TargetMetadata target : manager.metadata()) {
                target.families()
                        .forEach((family, metadata) -> result.metadata.put(
                                key(target.target()) + " " + family,
                                metadata.type().text() + " " + metadata.unit() + " " + metadata.help()));
            }
            return result;
        }

        @Override
        public void close() {
            manager.close();
            discovery.close();
            discoverers.close();
            client.close();
            loop.close();
            scheduler.close();
        }
    }

    private static String key(Labels target) {
        return target.getOrEmpty("job") + "/" + target.getOrEmpty("instance");
    }

    /** What changes from scrape to scrape is left out. */
    private static void put(Result result, Labels labels, String value) {
        if (!labels.metricName().equals("scrape_duration_seconds")
                && !labels.metricName().equals("scrape_series_added")) {
            result.samples.put(labels.toString(), value);
        }
    }

    private static Labels labels(JsonNode node) {
        LabelsBuilder labels = Labels.builder();
        node.properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }

    private static Result theirs(PeerProcess prometheus) throws IOException {
        Result result = new Result();
        for (JsonNode target : data(prometheus, "/api/v1/targets?state=active").path("activeTargets")) {
            String error = target.path("lastError").asText();
            String health = target.path("health").asText();
            if (!health.equals("unknown")) {
                result.health.put(key(labels(target.path("labels"))), error.isEmpty() ? health : error);
            }
        }
        String query = URLEncoder.encode("{job!=\"\"}", StandardCharsets.UTF_8);
        for (JsonNode series : data(prometheus, "/api/v1/query?query=" + query).path("result")) {
            double value = GoFloat.parse(series.at("/value/1").asText());
            put(result, labels(series.path("metric")), GoFloat.general(value));
        }
        for (JsonNode entry : data(prometheus, "/api/v1/targets/metadata")) {
            result.metadata.put(
                    key(labels(entry.path("target"))) + " "
                            + entry.path("metric").asText(),
                    entry.path("type").asText() + " " + entry.path("unit").asText() + " "
                            + entry.path("help").asText());
        }
        return result;
    }

    private static JsonNode data(PeerProcess prometheus, String path) throws IOException {
        JsonNode answer = JSON.readTree(prometheus.get(path).body());
        assertThat(answer.path("status").asText()).isEqualTo("success");
        return answer.path("data");
    }
}
