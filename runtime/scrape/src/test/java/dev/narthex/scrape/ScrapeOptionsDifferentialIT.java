// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.PromDuration;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One prometheus.yml with every option of a scrape configuration, given to a real Prometheus and to Narthex: the same
 * targets from static, file and HTTP discovery, the same requests to them, the same errors, the same series.
 */
class ScrapeOptionsDifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEADERS =
            List.of("accept", "accept-encoding", "x-prometheus-scrape-timeout-seconds", "authorization", "x-own");

    private static final String JOBS = """
            global: {scrape_interval: 7s, scrape_timeout: 6s}
            scrape_configs:
            - {job_name: plain, metrics_path: /plain, static_configs: [{targets: ['TARGET']}]}
            - {job_name: protocols, metrics_path: /protocols, scrape_protocols: [PrometheusText0.0.4, OpenMetricsText1.0.0], enable_compression: false, static_configs: [{targets: ['TARGET']}]}
            - {job_name: proto, metrics_path: /proto, scrape_protocols: [PrometheusProto, OpenMetricsText1.0.0, PrometheusText1.0.0], metric_name_escaping_scheme: dots, static_configs: [{targets: ['TARGET']}]}
            - {job_name: underscores, metrics_path: /underscores, metric_name_escaping_scheme: underscores, static_configs: [{targets: ['TARGET']}]}
            - {job_name: legacy, metrics_path: /legacy, metric_name_validation_scheme: legacy, metric_name_escaping_scheme: underscores, static_configs: [{targets: ['TARGET']}]}
            - {job_name: utf8, metrics_path: /utf8, static_configs: [{targets: ['TARGET']}]}
            - {job_name: params, metrics_path: /params, params: {a: [b, 'c d'], 'e&': ['ü=']}, static_configs: [{targets: ['TARGET'], labels: {__param_a: x}}]}
            - {job_name: labels, metrics_path: /labels, label_limit: 3, static_configs: [{targets: ['TARGET']}]}
            - {job_name: names, metrics_path: /labels, label_name_length_limit: 9, static_configs: [{targets: ['TARGET']}]}
            - {job_name: values, metrics_path: /labels, label_value_length_limit: 16, static_configs: [{targets: ['TARGET']}]}
            - {job_name: within, metrics_path: /labels, label_limit: 5, label_name_length_limit: 10, label_value_length_limit: 36, static_configs: [{targets: ['TARGET']}]}
            - {job_name: samples, metrics_path: /plain, sample_limit: 1, static_configs: [{targets: ['TARGET']}]}
            - {job_name: body, metrics_path: /plain, body_size_limit: 10B, static_configs: [{targets: ['TARGET']}]}
            - {job_name: packed, metrics_path: /packed, body_size_limit: 1000B, static_configs: [{targets: ['TARGET']}]}
            - {job_name: bomb, metrics_path: /packed, body_size_limit: 100B, static_configs: [{targets: ['TARGET']}]}
            - {job_name: targets, metrics_path: /plain, target_limit: 1, keep_dropped_targets: 1, static_configs: [{targets: ['TARGET', 'CLOSED', 'd1:1', 'd2:1']}], relabel_configs: [{source_labels: [__address__], regex: 'd.*', action: drop}]}
            - {job_name: dropped, metrics_path: /plain, static_configs: [{targets: ['d1:1', 'd2:1']}], relabel_configs: [{action: drop}]}
            - {job_name: same, metrics_path: /plain, static_configs: [{targets: ['TARGET', 'TARGET']}, {targets: ['TARGET'], labels: {a: b}}], relabel_configs: [{action: labeldrop, regex: a}]}
            - {job_name: failing, metrics_path: /500, scrape_failure_log_file: FAILURES, static_configs: [{targets: ['TARGET']}]}
            - {job_name: closed, static_configs: [{targets: ['CLOSED']}]}
            - {job_name: blank, metrics_path: /blank, static_configs: [{targets: ['TARGET']}]}
            - {job_name: fallback, metrics_path: /blank, fallback_scrape_protocol: PrometheusText0.0.4, static_configs: [{targets: ['TARGET']}]}
            - {job_name: html, metrics_path: /html, fallback_scrape_protocol: OpenMetricsText1.0.0, static_configs: [{targets: ['TARGET']}]}
            - {job_name: basic, metrics_path: /basic, basic_auth: {username: u, password: p}, static_configs: [{targets: ['TARGET']}]}
            - {job_name: bearer, metrics_path: /bearer, authorization: {credentials: token}, http_headers: {X-Own: {values: [mine]}}, static_configs: [{targets: ['TARGET']}]}
            - {job_name: moved, metrics_path: /moved, static_configs: [{targets: ['TARGET']}]}
            - {job_name: staying, metrics_path: /moved, follow_redirects: false, static_configs: [{targets: ['TARGET']}]}
            - {job_name: circle, metrics_path: /circle, static_configs: [{targets: ['TARGET']}]}
            - {job_name: honor, metrics_path: /own, honor_labels: true, static_configs: [{targets: ['TARGET']}]}
            - {job_name: dishonor, metrics_path: /own, static_configs: [{targets: ['TARGET']}]}
            - {job_name: own, static_configs: [{targets: ['TARGET'], labels: {__metrics_path__: /plain, __scrape_interval__: 6s, __scrape_timeout__: 5s500ms, __scheme__: http}}]}
            - {job_name: scheme, scheme: ftp, static_configs: [{targets: ['TARGET']}]}
            - {job_name: wrong, static_configs: [{targets: ['TARGET'], labels: {__scrape_interval__: 2s, __scrape_timeout__: 9s}}]}
            - {job_name: files, metrics_path: /plain, file_sd_configs: [{files: ['DIR/*.json', 'DIR/more.yml']}]}
            - {job_name: http, metrics_path: /plain, http_sd_configs: [{url: 'http://TARGET/sd', refresh_interval: 5s}]}
            """;

    @TempDir
    private Path directory;

    @TempDir
    private Path peerDirectory;

    /** What a scraper has asked for, by path and query. */
    private final Map<String, String> asked = new ConcurrentHashMap<>();

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        StringBuilder headers = new StringBuilder();
        // Weights fall from 0.7 since 3.15, from 0.6 in the Prometheus of packages.
        HEADERS.forEach(name -> headers.append(name)
                .append(": ")
                .append(request.header(name).replaceAll(";q=0\\.\\d", ""))
                .append('\n'));
        String path = request.target().replaceFirst("\\?.*", "");
        if (!path.equals("/plain") && !path.equals("/labels") && !path.equals("/sd")) {
            asked.put(request.target(), headers.toString());
        }
        String type = "text/plain; version=0.0.4";
        switch (path) {
            case "/labels" -> send(out, type, "a{bb=\"12345678901234567\",cc=\"x\"} 1\n");
            case "/utf8", "/legacy" -> send(out, type, "{\"a.b\",\"c.d\"=\"e\"} 1\n");
            case "/own" -> send(out, type, "a{job=\"mine\",instance=\"here\"} 1\n");
            case "/packed" ->
                LoopbackServer.respond(
                        out,
                        200,
                        Map.of("Content-Type", type, "Content-Encoding", "gzip"),
                        gzip("a 1\n# " + "x".repeat(500) + "\n"));
            case "/500" -> raw(out, "500 Internal Server Error\r\n");
            case "/blank" -> LoopbackServer.respond(out, 200, Map.of(), "a 1\n".getBytes(StandardCharsets.US_ASCII));
            case "/html" -> send(out, "text/html", "# TYPE a counter\na_total 1\n# EOF\n");
            case "/moved" -> raw(out, "302 Found\r\nLocation: /plain\r\n");
            case "/circle" -> raw(out, "302 Found\r\nLocation: /circle\r\n");
            case "/sd" ->
                send(
                        out,
                        "application/json",
                        "[{\"targets\": [\"" + request.header("host") + "\"], \"labels\": {\"__meta_x\": \"y\","
                                + " \"from\": \"http\"}}, {\"targets\": []}]");
            default -> send(out, type, "a 1\nb{c=\"d\"} 2\n");
        }
    }

    private static void raw(OutputStream out, String head) throws IOException {
        out.write(("HTTP/1.1 " + head + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(OutputStream out, String type, String body) throws IOException {
        LoopbackServer.respond(out, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Without those that Prometheus has since 3.15; the one of packages does not show them. */
    private static String discovered(Labels labels) {
        return labels.toString()
                .replaceAll(
                        "__(always_scrape_classic_histograms|convert_classic_histograms_to_nhcb|scrape_native_histograms)__"
                                + "=\"false\", ",
                        "");
    }

    @Test
    void doesWithEveryOptionWhatPrometheusDoes() throws Exception {
        String closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = "127.0.0.1:" + socket.getLocalPort();
        }
        Path lists = Files.createDirectory(directory.resolve("lists"));
        try (LoopbackServer server = LoopbackServer.start(this::answer)) {
            Files.writeString(
                    lists.resolve("one.json"),
                    "[{\"targets\": [\"" + server.address() + "\"], \"labels\": {\"from\": \"json\"}},"
                            + " {\"targets\": [\"x:1\"], \"labels\": {\"__scheme__\": \"https\", \"instance\": \"i\"}}]");
            Files.writeString(lists.resolve("bad.json"), "[{\"targets\": [1]}]");
            Files.writeString(lists.resolve("more.yml"), "- targets: ['" + closed + "']\n  labels: {from: yaml}\n");
            String yaml = JOBS.replace("TARGET", server.address())
                    .replace("CLOSED", closed)
                    .replace("DIR", lists.toString());
            Result theirs;
            try (PeerProcess peer = PeerProcess.prometheus(
                    yaml.replace("FAILURES", peerDirectory.resolve("failures").toString()),
                    peerDirectory,
                    "--enable-feature=extra-scrape-metrics")) {
                theirs = theirs(peer);
            }
            asked.clear();
            Result ours =
                    ours(yaml.replace("FAILURES", directory.resolve("failures").toString()));
            assertThat(ours.dropped).isEqualTo(theirs.dropped);
            assertThat(ours.counts).isEqualTo(theirs.counts);
            assertThat(ours.targets).isEqualTo(theirs.targets);
            assertThat(ours.asked).isEqualTo(theirs.asked);
            assertThat(ours.series).isEqualTo(theirs.series);
            assertThat(theirs.targets).hasSizeGreaterThan(30);
        }
        JsonNode failure =
                JSON.readTree(Files.readAllLines(directory.resolve("failures")).getFirst());
        JsonNode peerFailure = JSON.readTree(
                Files.readAllLines(peerDirectory.resolve("failures")).getFirst());
        for (String member : List.of("level", "msg", "job_name", "target")) {
            assertThat(failure.path(member)).as(member).isEqualTo(peerFailure.path(member));
        }
    }

    /** What came of a configuration: targets and series as texts, without what differs from run to run. */
    private record Result(
            TreeSet<String> targets,
            TreeSet<String> dropped,
            TreeMap<String, Integer> counts,
            TreeMap<String, String> asked,
            TreeSet<String> series) {}

    private static String target(
            String pool, String discovered, String labels, String url, String error, String health, String interval) {
        // Which of the targets that are the same one stands for them is up to chance in Prometheus.
        String shown = pool.equals("same") ? "" : discovered;
        return String.join("\n  ", pool, shown, labels, url, error, health, interval);
    }

    private static Labels labels(JsonNode node) {
        LabelsBuilder labels = Labels.builder();
        node.properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }

    private Result theirs(PeerProcess peer) throws IOException {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            JsonNode active = JSON.readTree(peer.get("/api/v1/targets").body()).at("/data/activeTargets");
            boolean all = active.size() > 30;
            for (JsonNode target : active) {
                all &= !target.path("health").asText().equals("unknown");
            }
            return all;
        });
        JsonNode data = JSON.readTree(peer.get("/api/v1/targets").body()).path("data");
        Result result =
                new Result(new TreeSet<>(), new TreeSet<>(), new TreeMap<>(), new TreeMap<>(asked), new TreeSet<>());
        for (JsonNode target : data.path("activeTargets")) {
            result.targets.add(target(
                    target.path("scrapePool").asText(),
                    labels(target.path("discoveredLabels")).toString(),
                    labels(target.path("labels")).toString(),
                    target.path("scrapeUrl").asText(),
                    withoutServer(target.path("lastError").asText()),
                    target.path("health").asText(),
                    target.path("scrapeInterval").asText() + " "
                            + target.path("scrapeTimeout").asText()));
        }
        for (JsonNode target : data.path("droppedTargets")) {
            result.dropped.add(target.path("scrapePool").asText() + labels(target.path("discoveredLabels")));
        }
        data.path("droppedTargetCounts")
                .properties()
                .forEach(count ->
                        result.counts.put(count.getKey(), count.getValue().asInt()));
        JsonNode answer = JSON.readTree(
                peer.get("/api/v1/query?query=%7B__name__!%3D%22%22%7D").body());
        for (JsonNode series : answer.at("/data/result")) {
            addSeries(
                    result, labels(series.path("metric")), series.at("/value/1").asText());
        }
        return result;
    }

    /** Which name server was asked, and why a name was not found, depends on the machine. */
    private static String withoutServer(String error) {
        return error.replaceFirst("dial tcp: lookup ([^ :]+).*", "dial tcp: lookup $1");
    }

    private static void addSeries(Result result, Labels labels, String value) {
        if (!labels.metricName().equals("scrape_duration_seconds")
                && !labels.metricName().equals("scrape_series_added")) {
            result.series.add(labels + " " + value);
        }
    }

    private Result ours(String yaml) throws IOException, ConfigException {
        PrometheusConfig config = new ConfigLoader(_ -> "").prometheus(yaml, "prometheus.yml");
        MemoryStorage storage = new MemoryStorage();
        try (SystemScheduler scheduler = new SystemScheduler("options");
                HttpLoop loop = new HttpLoop("options", scheduler);
                HttpFetchers client = new HttpFetchers(loop, Map.of());
                StandardDiscoverers discoverers = new StandardDiscoverers(scheduler, client, "test");
                DiscoveryManager discovery = new DiscoveryManager(scheduler, discoverers);
                ScrapeManager manager =
                        new ScrapeManager(storage, discovery, loop, client, ScrapeSettings.of("options", 42))) {
            manager.apply(
                    config.scrapeConfigs().stream()
                            .map(job -> job.toBuilder().extraScrapeMetrics(true).build())
                            .toList(),
                    config.global());
            await().atMost(LIMIT).until(() -> {
                List<TargetView> active = manager.activeTargets();
                return active.size() > 30
                        && active.stream().noneMatch(target -> target.health() == TargetHealth.UNKNOWN);
            });
            Result result = new Result(
                    new TreeSet<>(), new TreeSet<>(), new TreeMap<>(), new TreeMap<>(asked), new TreeSet<>());
            for (TargetView target : manager.activeTargets()) {
                result.targets.add(target(
                        target.scrapePool(),
                        discovered(target.discoveredLabels()),
                        target.labels().toString(),
                        target.scrapeUrl(),
                        withoutServer(target.lastError()),
                        target.health().text(),
                        text(target.scrapeInterval()) + " " + text(target.scrapeTimeout())));
            }
            for (DroppedTargetView target : manager.droppedTargets()) {
                if (target.reason().isEmpty()) {
                    result.dropped.add(target.scrapePool() + discovered(target.discoveredLabels()));
                }
            }
            result.counts.putAll(manager.droppedTargetCounts());
            for (Labels labels : storage.series()) {
                List<String> values = new ArrayList<>(storage.values(labels));
                if (!values.getLast().equals("stale")) {
                    addSeries(result, labels, values.getLast());
                }
            }
            return result;
        }
    }

    private static String text(Duration duration) {
        return PromDuration.format(duration.toMillis());
    }
}
