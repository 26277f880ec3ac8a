// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each flag has an effect that shows from outside, or a line in the log that it has none. */
class FlagsActIT {
    private static final String SELF = """
            global: {scrape_interval: 1s, scrape_timeout: 900ms}
            scrape_configs: [{job_name: self, metrics_path: PATH, static_configs: [{targets: ['ADDRESS']}]}]
            """;

    /** They say where things are on this machine, or are ours to choose. */
    private static final List<String> OWN_VALUES =
            List.of("config.file", "storage.tsdb.path", "web.listen-address", "web.page-title");

    @TempDir
    Path directory;

    private ServerProcess start(String prefix, String... flags) throws IOException {
        int port = ServerProcess.freePort();
        Files.writeString(
                directory.resolve("prometheus.yml"),
                SELF.replace("ADDRESS", "127.0.0.1:" + port).replace("PATH", prefix + "/metrics"));
        List<String> line = new ArrayList<>(List.of(
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data")));
        line.addAll(List.of(flags));
        return ServerProcess.startBelow(prefix, directory, port, line.toArray(String[]::new));
    }

    private static double metric(ServerProcess server, String name) throws IOException {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    @Test
    void addressesTitlesAndFeatures() throws Exception {
        try (ServerProcess server = start(
                "/shop",
                "--web.external-url=http://outside.example/shop",
                "--web.page-title=A title of its own",
                "--web.cors.origin=https://a\\.example",
                "--web.enable-admin-api",
                "--web.search.max-limit=2",
                "--query.max-concurrency=3",
                "--log.level=debug",
                "--storage.tsdb.no-lockfile",
                "--enable-feature=search-api,promql-experimental-functions,promql-per-step-stats",
                "--enable-feature=extra-scrape-metrics,type-and-unit-labels",
                "--auto-gomemlimit.ratio=0.5",
                "--no-auto-gomaxprocs",
                "--rules.max-concurrent-evals=9",
                "--enable-feature=old-ui")) {
            assertThat(server.get("/shop/").body()).contains("<title>A title of its own");
            assertThat(server.get("/").statusCode()).isIn(301, 302);
            assertThat(server.get("/shop/api/v1/search/metric_names?search[]=a&limit=3")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.get("/shop/api/v1/search/metric_names?search[]=a&limit=2")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/shop/api/v1/admin/tsdb/clean_tombstones").statusCode())
                    .isEqualTo(204);
            assertThat(server.post("/shop/-/reload").statusCode()).isEqualTo(403);
            assertThat(server.get("/shop/api/v1/query?query=max_of(1,2)").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/shop/api/v1/query?query=1&stats=all").body())
                    .contains("PerStep");
            assertThat(allowedOrigin(server, "https://a.example")).contains("https://a.example");
            assertThat(allowedOrigin(server, "https://b.example")).isEmpty();
            String metrics = server.get("/shop/metrics").body();
            assertThat(metrics).contains("\nprometheus_engine_queries_concurrent_max 3\n");
            assertThat(metrics).contains("\nprometheus_tsdb_clean_start -1\n");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.get("/shop/api/v1/query?query=scrape_timeout_seconds")
                            .body()
                            .contains("\"0.9\""));
            assertThat(server.get("/shop/api/v1/targets").body()).contains("http://outside.example");
            assertThat(server.log())
                    .contains("DEBUG")
                    .contains("flag without effect flag=--auto-gomemlimit.ratio")
                    .contains("flag without effect flag=--auto-gomaxprocs")
                    .contains("flag without effect flag=--rules.max-concurrent-evals")
                    .contains("flag without effect flag=--enable-feature=old-ui");
        }
    }

    private static String allowedOrigin(ServerProcess server, String origin) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/shop/api/v1/query?query=1"))
                    .header("Origin", origin)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Access-Control-Allow-Origin")
                    .orElse("");
        }
    }

    @Test
    void limitsOfQueriesAndOfTheStorage() throws Exception {
        try (ServerProcess server = start(
                "",
                "--query.max-samples=5",
                "--query.lookback-delta=1500ms",
                "--storage.tsdb.retention.time=3h",
                "--storage.tsdb.retention.size=1GB",
                "--storage.tsdb.min-block-duration=2s",
                "--storage.tsdb.max-block-duration=4s",
                "--no-storage.tsdb.wal-compression",
                "--scrape.timestamp-tolerance=5ms",
                "--web.enable-lifecycle")) {
            assertThat(metric(server, "prometheus_tsdb_retention_limit_seconds"))
                    .isEqualTo(3 * 3600);
            assertThat(metric(server, "prometheus_tsdb_retention_limit_bytes")).isEqualTo(1 << 30);
            await().atMost(ServerProcess.LIMIT).until(() -> metric(server, "prometheus_tsdb_compactions_total") >= 2);
            assertThat(server.get("/api/v1/query?query=count_over_time(%7Bjob%3D~%22.%2B%22%7D%5B1m%5D)")
                            .body())
                    .contains("query processing would load too many samples into memory");
            // On a machine with much to do no scrape may have come within the look-back.
            String newest =
                    await().atMost(ServerProcess.LIMIT).until(() -> server.value("timestamp(up)"), Objects::nonNull);
            double time = Double.parseDouble(newest);
            assertThat(server.get("/api/v1/query?query=up&time=" + (time + 1.4)).body())
                    .contains("\"up\"");
            // No scrape comes so early, and the window does not reach back to the last one.
            assertThat(server.get("/api/v1/query?query=up&time=" + (time + 100)).body())
                    .contains("\"result\":[]");
            assertThat(logBytes()).contains("scrape_samples_post_metric_relabeling");
            assertThat(server.post("/-/quit").statusCode()).isEqualTo(200);
        }
    }

    private String logBytes() throws IOException {
        StringBuilder bytes = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory.resolve("data").resolve("wal"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toString();
    }

    @Test
    void aQueryEndsWithItsTime() throws Exception {
        try (ServerProcess server = start("", "--query.timeout=50ms", "--web.enable-remote-write-receiver")) {
            HttpResponse<String> answer =
                    server.get("/api/v1/query?query=sum_over_time(sum_over_time(vector(1)%5B1h:1ms%5D)%5B1h:1s%5D)");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("query timed out");
            assertThat(server.post("/api/v1/write").statusCode()).isNotEqualTo(404);
        }
    }

    /** A connection, and what has come by it. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;

        Client(URI server) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
            socket.setSoTimeout(30_000);
        }

        void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        /** The first line of an answer, empty where the other side has closed. */
        String read() throws IOException {
            byte[] bytes = new byte[4096];
            int count = socket.getInputStream().read(bytes);
            return count < 0 ? "" : new String(bytes, 0, count, StandardCharsets.US_ASCII).split("\r\n", 2)[0];
        }

        /** Whether the other side closes, whatever it has said before. */
        boolean readToEnd() throws IOException {
            while (!read().isEmpty()) {}
            return true;
        }

        boolean isSilentFor(Duration time) throws IOException {
            socket.setSoTimeout((int) time.toMillis());
            try {
                read();
                return false;
            } catch (SocketTimeoutException _) {
                return true;
            } finally {
                socket.setSoTimeout(30_000);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final String PROBE = "GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n";

    /** One of the two is that of whoever has asked whether the server is ready. */
    @Test
    void furtherConnectionsWaitUntilOneIsClosed() throws Exception {
        Path place = Files.createDirectories(directory.resolve("peer"));
        try (PeerProcess prometheus = PeerProcess.prometheus("global: {}", place, "--web.max-connections=2");
                ServerProcess narthex = startWithoutJobs("--web.max-connections=2")) {
            for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                try (Client second = new Client(server)) {
                    try (Client first = new Client(server)) {
                        // Which of the two is served first is for the server to say.
                        first.send(PROBE);
                        second.send(PROBE);
                        boolean isFirst = !first.isSilentFor(Duration.ofSeconds(5));
                        Client served = isFirst ? first : second;
                        Client waiting = isFirst ? second : first;
                        assertThat(waiting.isSilentFor(Duration.ofMillis(300))).isTrue();
                        served.close();
                        assertThat(waiting.read()).isEqualTo("HTTP/1.1 200 OK");
                    }
                }
            }
        }
    }

    private ServerProcess startWithoutJobs(String... flags) throws IOException {
        Files.writeString(directory.resolve("prometheus.yml"), "global: {}");
        List<String> line = new ArrayList<>(List.of(
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data")));
        line.addAll(List.of(flags));
        return ServerProcess.start(directory, ServerProcess.freePort(), line.toArray(String[]::new));
    }

    @Test
    void silentConnectionsAreClosedAndBusyOnesAreNot() throws Exception {
        Path place = Files.createDirectories(directory.resolve("peer"));
        try (PeerProcess prometheus = PeerProcess.prometheus("global: {}", place, "--web.read-timeout=2s");
                ServerProcess narthex = startWithoutJobs("--web.read-timeout=2s")) {
            for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                try (Client served = new Client(server);
                        Client idle = new Client(server);
                        Client half = new Client(server)) {
                    served.send(PROBE);
                    assertThat(served.read()).isEqualTo("HTTP/1.1 200 OK");
                    half.send("POST /api/v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\n\r\nquery=1");
                    assertThat(idle.read()).isEmpty();
                    assertThat(served.readToEnd()).isTrue();
                    assertThat(half.readToEnd()).isTrue();
                }
            }
            try (Client listener = new Client(narthex.uri())) {
                listener.send("GET /api/v1/notifications/live HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(listener.read()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(listener.isSilentFor(Duration.ofSeconds(4))).isTrue();
            }
        }
    }

    @Test
    void flagsAreShownAsPrometheusShowsThem() throws Exception {
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        Path place = Files.createDirectories(directory.resolve("peer"));
        for (String[] flags : List.of(new String[0], new String[] {
            "--query.timeout=120s",
            "--query.max-samples=5e6",
            "--enable-feature=promql-experimental-functions",
            "--enable-feature=exemplar-storage,search-api",
            "--storage.tsdb.retention.size=512MB",
            "--storage.tsdb.retention.time=48h",
            "--storage.tsdb.wal-segment-size=20MB",
            "--auto-gomemlimit.refresh-interval=90s",
            "--scrape.timestamp-tolerance=0.005s",
            "--no-auto-gomaxprocs",
            "--auto-gomemlimit.ratio=0.50",
            "--web.max-connections=1e2",
            "--no-storage.tsdb.wal-compression",
            "--web.cors.origin=http://a.*",
            "--rules.alert.resend-delay=90s",
            "--log.format=json"
        })) {
            try (PeerProcess prometheus = PeerProcess.prometheus(program, "global: {}", place, flags);
                    ServerProcess narthex = startWithoutJobs(flags)) {
                Map<String, Object> expected =
                        shown(prometheus.get("/api/v1/status/flags").body());
                Map<String, Object> actual =
                        shown(narthex.get("/api/v1/status/flags").body());
                actual.keySet().retainAll(expected.keySet());
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    private static Map<String, Object> shown(String answer) {
        Map<String, Object> shown =
                new TreeMap<>(new JsonObject(answer).getJsonObject("data").getMap());
        OWN_VALUES.forEach(shown::remove);
        return shown;
    }
}
