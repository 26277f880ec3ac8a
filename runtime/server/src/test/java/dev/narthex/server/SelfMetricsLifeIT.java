// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Prometheus and a server of ours live the same life: samples of five hours and a half, late and doubled ones, histograms,
 * queries, reloads, a restart. What they count of it is the same.
 */
class SelfMetricsLifeIT {
    private static final int SERIES = 10;
    private static final int MINUTES = 330;
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

    /** What must be equal, to the digit, once the life is over; and again after the restart. */
    private static final List<String> EQUAL = List.of(
            "prometheus_tsdb_head_chunks",
            "prometheus_tsdb_head_chunks_created_total",
            "prometheus_tsdb_head_chunks_removed_total",
            "prometheus_tsdb_head_max_time",
            "prometheus_tsdb_head_native_histogram_buckets",
            "prometheus_tsdb_head_native_histogram_series",
            "prometheus_tsdb_head_samples_appended_total{type=\"float\"}",
            "prometheus_tsdb_head_samples_appended_total{type=\"histogram\"}",
            "prometheus_tsdb_head_series",
            "prometheus_tsdb_head_series_created_total",
            "prometheus_tsdb_head_series_removed_total",
            "prometheus_tsdb_head_truncations_total",
            "prometheus_tsdb_blocks_loaded",
            "prometheus_tsdb_clean_start",
            "prometheus_tsdb_compactions_total",
            "prometheus_tsdb_compactions_failed_total",
            "prometheus_tsdb_compactions_skipped_total",
            "prometheus_tsdb_compaction_chunk_range_seconds_sum",
            "prometheus_tsdb_compaction_chunk_range_seconds_count",
            "prometheus_tsdb_compaction_chunk_samples_sum",
            "prometheus_tsdb_compaction_chunk_samples_bucket{le=\"153.7734375\"}",
            "prometheus_tsdb_compaction_duration_seconds_count",
            "prometheus_tsdb_reloads_failures_total",
            "prometheus_tsdb_lowest_timestamp",
            "prometheus_tsdb_out_of_bound_samples_total{type=\"float\"}",
            "prometheus_tsdb_out_of_order_samples_total{type=\"float\"}",
            "prometheus_tsdb_out_of_order_samples_total{type=\"histogram\"}",
            "prometheus_tsdb_sample_ooo_delta_count",
            "prometheus_tsdb_sample_ooo_delta_sum",
            "prometheus_tsdb_sample_ooo_delta_bucket{le=\"600\"}",
            "prometheus_tsdb_checkpoint_creations_failed_total",
            "prometheus_tsdb_checkpoint_deletions_failed_total",
            "prometheus_tsdb_wal_corruptions_total",
            "prometheus_config_last_reload_successful",
            "prometheus_engine_queries",
            "prometheus_engine_queries_concurrent_max",
            "prometheus_engine_query_samples_total",
            "prometheus_engine_query_samples_read_total",
            "prometheus_rule_group_rules{rule_group=\"RULES;g\"}",
            "prometheus_rule_group_interval_seconds{rule_group=\"RULES;g\"}",
            "prometheus_api_remote_write_invalid_labels_samples_total",
            "prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/query\"}",
            "prometheus_http_requests_total{code=\"400\",handler=\"/api/v1/query\"}",
            "prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/query_range\"}",
            "prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/labels\"}",
            "prometheus_http_requests_total{code=\"204\",handler=\"/api/v1/write\"}",
            "prometheus_http_requests_total{code=\"400\",handler=\"/api/v1/write\"}",
            "prometheus_http_requests_total{code=\"200\",handler=\"/-/reload\"}",
            "prometheus_http_requests_total{code=\"500\",handler=\"/-/reload\"}",
            "prometheus_http_request_duration_seconds_count{handler=\"/api/v1/query\"}",
            "prometheus_http_response_size_bytes_count{handler=\"/api/v1/query\"}");

    /** Of parts that are here once asked for, or that have labels of their own; {@code SelfMetricsDifferentialIT} has them. */
    private static final List<String> ELSEWHERE =
            List.of("go_", "net_", "promhttp_", "process_", "prometheus_sd_", "prometheus_target_");

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    /** One of the two, asked alike. */
    private interface Server extends AutoCloseable {
        URI uri();

        String metrics() throws IOException;

        @Override
        void close();
    }

    private record Peer(PeerProcess process) implements Server {
        @Override
        public URI uri() {
            return process.uri();
        }

        @Override
        public String metrics() throws IOException {
            return process.get("/metrics").body();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private record Own(ServerProcess process) implements Server {
        @Override
        public URI uri() {
            return process.uri();
        }

        @Override
        public String metrics() throws IOException {
            return process.get("/metrics").body();
        }

        @Override
        public void close() {
            try {
                assertThat(process.terminate()).isZero();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.close();
        }
    }

    private int send(HttpRequest.Builder request) throws Exception {
        HttpRequest built = request.timeout(Duration.ofSeconds(30)).build();
        return http.send(built, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private int get(Server server, String path) throws Exception {
        return send(HttpRequest.newBuilder(server.uri().resolve(path)));
    }

    private int reload(Server server) throws Exception {
        return send(
                HttpRequest.newBuilder(server.uri().resolve("/-/reload")).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private int write(Server server, ProtobufWriter... series) throws Exception {
        ProtobufWriter request = new ProtobufWriter();
        for (ProtobufWriter one : series) {
            request.message(1, one);
        }
        return send(HttpRequest.newBuilder(server.uri().resolve("/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(compressed(request))));
    }

    private static byte[] compressed(ProtobufWriter message) {
        byte[] block = new byte[SnappyCompressor.maxLength(message.size())];
        return Arrays.copyOf(block, new SnappyCompressor().compress(message.array(), 0, message.size(), block, 0));
    }

    private static ProtobufWriter series(String... labels) {
        ProtobufWriter series = new ProtobufWriter();
        for (int i = 0; i < labels.length; i += 2) {
            series.message(1, new ProtobufWriter().text(1, labels[i]).text(2, labels[i + 1]));
        }
        return series;
    }

    private static ProtobufWriter sample(double value, long timestampMs) {
        return new ProtobufWriter().float64(1, value).int64(2, timestampMs);
    }

    private static ProtobufWriter histogram(int buckets, long timestampMs) {
        ProtobufWriter deltas = new ProtobufWriter().zigzag(1);
        for (int i = 1; i < buckets; i++) {
            deltas.zigzag(0);
        }
        return new ProtobufWriter()
                .int64(1, buckets)
                .float64(3, 7)
                .float64(5, 0.001)
                .message(11, new ProtobufWriter().sint64(1, 0).int64(2, buckets))
                .message(12, deltas)
                .int64(15, timestampMs);
    }

    /** All of it but the restart. */
    private void live(Server server, Path configuration, long startMs) throws Exception {
        for (int part = 0; part < MINUTES; part += 30) {
            List<ProtobufWriter> all = new ArrayList<>();
            for (int i = 0; i < SERIES; i++) {
                ProtobufWriter one = series("__name__", "a", "i", Integer.toString(i));
                for (int minute = part; minute < part + 30; minute++) {
                    one.message(2, sample(minute * 1.5, startMs + minute * MINUTE_MS));
                }
                all.add(one);
            }
            assertThat(write(server, all.toArray(ProtobufWriter[]::new))).isEqualTo(204);
        }
        long newestMs = startMs + (MINUTES - 1) * MINUTE_MS;
        await().atMost(ServerProcess.LIMIT)
                .until(() -> server.metrics().contains("\nprometheus_tsdb_compactions_total 2\n"));
        String[] first = {"__name__", "a", "i", "0"};
        assertThat(write(server, series(first).message(2, sample(1, newestMs - 10 * MINUTE_MS))))
                .isEqualTo(400);
        assertThat(write(server, series(first).message(2, sample(-1, newestMs))))
                .isEqualTo(400);
        assertThat(write(server, series(first).message(2, sample(1, newestMs - 5 * HOUR_MS))))
                .isEqualTo(400);
        assertThat(write(server, series("__name__", "b").message(2, sample(1, newestMs - 10 * MINUTE_MS))))
                .isEqualTo(204);
        assertThat(write(server, series("__name__", "c", "", "x").message(2, sample(1, newestMs))))
                .isEqualTo(204);
        for (int i = 0; i < 3; i++) {
            assertThat(write(server, series("__name__", "h").message(4, histogram(2, newestMs + 1000L * i))))
                    .isEqualTo(204);
        }
        assertThat(write(server, series("__name__", "k").message(4, histogram(3, newestMs))))
                .isEqualTo(204);
        assertThat(write(server, series("__name__", "h").message(4, histogram(2, newestMs - MINUTE_MS))))
                .isEqualTo(400);
        ProtobufWriter end =
                new ProtobufWriter().float64(3, STALE).float64(5, 0.001).int64(15, newestMs + 5000);
        assertThat(write(server, series("__name__", "h").message(4, end))).isEqualTo(204);
        assertThat(get(server, "/api/v1/query?query=count(a)&time=" + newestMs / 1000))
                .isEqualTo(200);
        assertThat(get(server, "/api/v1/query?query=a%2B")).isEqualTo(400);
        assertThat(get(
                        server,
                        "/api/v1/query_range?query=rate(a%5B5m%5D)&start=" + startMs / 1000 + "&end=" + newestMs / 1000
                                + "&step=120"))
                .isEqualTo(200);
        assertThat(get(server, "/api/v1/labels")).isEqualTo(200);
        String good = Files.readString(configuration);
        Files.writeString(configuration, "nonsense: 1");
        assertThat(reload(server)).isEqualTo(500);
        Files.writeString(configuration, good);
        assertThat(reload(server)).isEqualTo(200);
    }

    /** The values by series; the place of the rules is one word. */
    private static Map<String, Double> values(String page) {
        Map<String, Double> values = new TreeMap<>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            String series = line.substring(0, space).replaceFirst("rule_group=\"[^\"]*;", "rule_group=\"RULES;");
            values.put(series, Double.parseDouble(line.substring(space + 1).replace("Inf", "Infinity")));
        });
        return values;
    }

    private static Map<String, String> texts(String page, String kind) {
        Map<String, String> texts = new TreeMap<>();
        page.lines()
                .filter(line -> line.startsWith("# " + kind + " prometheus_"))
                .forEach(line -> {
                    String[] words = line.split(" ", 4);
                    if (ELSEWHERE.stream().noneMatch(words[2]::startsWith)) {
                        texts.put(words[2], words[3]);
                    }
                });
        return texts;
    }

    private static Map<String, Double> chosen(Map<String, Double> values) {
        Map<String, Double> chosen = new TreeMap<>();
        EQUAL.forEach(name -> chosen.put(name, values.getOrDefault(name, 0.0)));
        return chosen;
    }

    @Test
    void countsWhatPrometheusCounts() throws Exception {
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        String configuration = "rule_files: [rules.yml]\n";
        String rules =
                "groups: [{name: g, interval: 7s, rules: [{record: r, expr: nothing}, {alert: x, expr: nothing}]}]\n";
        String[] flags = {"--web.enable-remote-write-receiver", "--web.enable-lifecycle"};
        long startMs = WallClock.system().millis() / (2 * HOUR_MS) * (2 * HOUR_MS) - 6 * HOUR_MS;
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Path ours = Files.createDirectories(directory.resolve("ours"));
        for (Path place : List.of(theirs, ours)) {
            Files.writeString(place.resolve("rules.yml"), rules);
            Files.writeString(place.resolve("prometheus.yml"), configuration);
        }
        String theirPage;
        String ourPage;
        try (Server prometheus = new Peer(PeerProcess.prometheus(program, configuration, theirs, flags));
                Server narthex = own(ours, flags)) {
            live(prometheus, theirs.resolve("prometheus.yml"), startMs);
            live(narthex, ours.resolve("prometheus.yml"), startMs);
            theirPage = prometheus.metrics();
            ourPage = narthex.metrics();
        }
        assertThat(chosen(values(ourPage))).isEqualTo(chosen(values(theirPage)));
        assertThat(values(ourPage).get("prometheus_tsdb_head_series"))
                .isEqualTo(values(ourPage).get("prometheus_tsdb_head_series_created_total"));
        assertThat(values(ourPage).get("prometheus_tsdb_isolation_high_watermark"))
                .isEqualTo(values(ourPage).get("prometheus_tsdb_head_appenders_created_total"));
        sameTexts(ourPage, theirPage);

        try (Server prometheus = new Peer(PeerProcess.prometheus(program, configuration, theirs, flags));
                Server narthex = own(ours, flags)) {
            assertThat(chosen(values(narthex.metrics()))).isEqualTo(chosen(values(prometheus.metrics())));
        }
    }

    /** Types and texts of what both show. */
    private static void sameTexts(String ourPage, String theirPage) {
        for (String kind : Set.of("TYPE", "HELP")) {
            Map<String, String> expected = texts(theirPage, kind);
            Map<String, String> actual = texts(ourPage, kind);
            assertThat(actual).hasSizeGreaterThan(100);
            expected.keySet().retainAll(actual.keySet());
            actual.keySet().retainAll(expected.keySet());
            assertThat(actual).as(kind).isEqualTo(expected);
        }
    }

    private static Server own(Path place, String... flags) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "run",
                "--config.file=" + place.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + place.resolve("data")));
        line.addAll(List.of(flags));
        return new Own(ServerProcess.start(place, ServerProcess.freePort(), line.toArray(String[]::new)));
    }
}
