// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus and we have scraped the same native histograms, and give them to {@code /federate} as the same bytes. */
class FederationDifferentialIT {
    private static final String DELIMITED =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private static final int HISTOGRAM = 4;
    private static final int GAUGE_HISTOGRAM = 5;

    @TempDir
    Path directory;

    private static ProtobufWriter message() {
        return new ProtobufWriter();
    }

    private static ProtobufWriter span(int offset, int length) {
        return message().sint64(1, offset).int64(2, length);
    }

    private static ProtobufWriter integers() {
        return message()
                .int64(1, 10)
                .float64(2, 5.5)
                .sint64(5, 2)
                .float64(6, 0.001)
                .int64(7, 1)
                .message(9, span(-2, 1))
                .message(9, span(1, 1))
                .sint64(10, 2)
                .sint64(10, 1)
                .message(12, span(0, 2))
                .sint64(13, 1)
                .sint64(13, 2);
    }

    private static ProtobufWriter fractions() {
        return message()
                .float64(2, 5.5)
                .float64(4, 7.5)
                .sint64(5, 0)
                .float64(6, 0.01)
                .float64(8, 0.5)
                .message(12, span(0, 2))
                .float64(14, 3.5)
                .float64(14, 3.5);
    }

    private static ProtobufWriter empty() {
        return message()
                .int64(1, 0)
                .float64(2, 0)
                .sint64(5, 3)
                .float64(6, 1e-128)
                .int64(7, 0)
                .message(12, span(0, 0));
    }

    private static ProtobufWriter classic() {
        return message()
                .int64(1, 6)
                .float64(2, 9)
                .message(3, message().int64(1, 1).float64(2, 0.5))
                .message(3, message().int64(1, 1).float64(2, 1))
                .message(3, message().int64(1, 4).float64(2, 1e6))
                .message(3, message().int64(1, 6).float64(2, Double.POSITIVE_INFINITY));
    }

    private static void family(
            ProtobufWriter page, String name, int type, long timeMs, String label, ProtobufWriter histogram) {
        ProtobufWriter metric = message()
                .message(1, message().text(1, "a").text(2, label))
                .int64(6, timeMs)
                .message(7, histogram);
        ProtobufWriter family = message().text(1, name).int64(3, type).message(4, metric);
        page.varint(family.size()).raw(family);
    }

    private static byte[] histograms(long timeMs) {
        ProtobufWriter page = message();
        family(page, "h_integer", HISTOGRAM, timeMs, "1", integers());
        family(page, "h_integer_more", HISTOGRAM, timeMs, "x\"y", integers());
        family(page, "h_gauge", GAUGE_HISTOGRAM, timeMs, "1", integers());
        family(page, "h_fractions", HISTOGRAM, timeMs, "1", fractions());
        family(page, "h_empty", HISTOGRAM, timeMs, "1", empty());
        family(page, "h_custom", HISTOGRAM, timeMs, "1", classic());
        family(page, "mixed", HISTOGRAM, timeMs, "1", integers());
        family(page, "mixed.custom", HISTOGRAM, timeMs, "1", classic());
        return page.toByteArray();
    }

    private static byte[] floats(long timeMs) {
        return """
                mixed{a="0"} 1 TIME
                mixed{a="2"} -2.5e-7 TIME
                {"mixed.custom",a="0"} 1 TIME
                {"mixed.custom",a="2"} +Inf TIME
                """.replace("TIME", Long.toString(timeMs)).getBytes(StandardCharsets.UTF_8);
    }

    private record Answer(String contentType, String body) {}

    private static Answer federate(HttpClient http, URI server, String selector, String accept)
            throws IOException, InterruptedException {
        String query = "match[]=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(server.resolve("/federate?" + query.replace("[]", "%5B%5D")))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        String type = response.headers().firstValue("Content-Type").orElse("");
        String body = type.startsWith("text/")
                ? new String(response.body(), StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(response.body());
        return new Answer(type, body);
    }

    private static void awaitScrapes(HttpClient http, URI server) {
        await().atMost(ServerProcess.LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> {
                    String query = URLEncoder.encode("count({a=~\".+\"})", StandardCharsets.UTF_8);
                    HttpResponse<String> response = http.send(
                            HttpRequest.newBuilder(server.resolve("/api/v1/query?query=" + query))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    return response.body().contains("\"12\"");
                });
    }

    @Test
    void givesNativeHistogramsAsARealPrometheusDoes() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        assumeTrue(
                newest.isPresent(), "needs Prometheus 3.15, which e2e/peers --newest builds: 3.5 gives less to a text");
        long timeMs = WallClock.system().millis() - 1000;
        byte[] histograms = histograms(timeMs);
        byte[] floats = floats(timeMs);
        try (HttpClient http = HttpClient.newHttpClient();
                LoopbackServer targets = LoopbackServer.start((request, out) -> {
                    boolean text = request.target().equals("/floats");
                    LoopbackServer.respond(
                            out, text ? "text/plain; version=1.0.0" : DELIMITED, text ? floats : histograms);
                })) {
            String config = """
                    global: {scrape_interval: 1s, external_labels: {b: ext, region: eu}}
                    scrape_configs:
                    - job_name: histograms
                      scrape_native_histograms: true
                      convert_classic_histograms_to_nhcb: true
                      static_configs: [{targets: ['TARGET']}]
                    - job_name: floats
                      metrics_path: /floats
                      static_configs: [{targets: ['TARGET']}]
                    """.replace("TARGET", targets.address());
            Path ours = Files.createDirectories(directory.resolve("ours"));
            Path theirs = Files.createDirectories(directory.resolve("theirs"));
            Files.writeString(ours.resolve("prometheus.yml"), config);
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest.get(), config, theirs, "--enable-feature=native-histograms");
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + ours.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + ours.resolve("data"),
                            "--enable-feature=native-histograms")) {
                awaitScrapes(http, prometheus.uri());
                awaitScrapes(http, narthex.uri());
                for (String selector :
                        List.of("{a=~\".+\"}", "h_integer", "{__name__=~\"mixed.*\"}", "h_custom", "none")) {
                    for (String accept : List.of(
                            "",
                            "text/plain",
                            "text/plain;version=1.0.0;escaping=allow-utf-8",
                            DELIMITED,
                            DELIMITED + ";escaping=allow-utf-8",
                            DELIMITED + ";escaping=values;q=0.6,text/plain;q=0.5",
                            DELIMITED + ";q=0.5,text/plain;q=0.6",
                            "text/plain," + DELIMITED,
                            "application/vnd.google.protobuf",
                            "*/*")) {
                        assertThat(federate(http, narthex.uri(), selector, accept))
                                .as("%s, Accept: %s", selector, accept)
                                .isEqualTo(federate(http, prometheus.uri(), selector, accept));
                    }
                }
            }
        }
    }
}
