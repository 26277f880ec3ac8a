// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.wire.ProtobufWriter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same remote write requests to a real Prometheus and to us: the same answers, and the same samples afterwards. */
class RemoteWriteIT {
    private static final String V1 = "application/x-protobuf";
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private static final long FIVE_HOURS_MS = 5L * 3_600_000;
    private static final String STATUS = "/api/v1/status/tsdb";
    private static final List<String> A = List.of("__name__", "a", "x", "1");

    private record Sent(String contentType, String encoding, HttpRequest.BodyPublisher body) {}

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final long now = WallClock.system().millis();

    private Map<String, Sent> requests() {
        Map<String, Sent> all = new LinkedHashMap<>();
        v1(all, "sample", series(A, now, 1));
        v1(all, "the same again", series(A, now, 1));
        v1(all, "another value", series(A, now, 2));
        v1(all, "out of order", series(A, now - 1000, 2));
        v1(all, "out of order beside a good one", series(A, now - 1000, 2), series(name("b"), now, 1));
        v1(all, "too old", series(name("c"), now - FIVE_HOURS_MS, 2));
        v1(all, "too old beside good ones", series(name("qa"), now, 1), series(name("c"), now - FIVE_HOURS_MS, 2));
        v1(all, "future", series(name("c"), now + FIVE_HOURS_MS, 2));
        v1(all, "no name", series(List.of("x", "1"), now, 2));
        v1(all, "no labels", series(List.of(), now, 2));
        v1(all, "a label twice", series(List.of("__name__", "d", "x", "1", "x", "2"), now, 2));
        v1(all, "unsorted", series(List.of("x", "1", "__name__", "e"), now, 2));
        v1(all, "empty value", series(List.of("__name__", "f", "x", ""), now, 2));
        v1(all, "empty label name", series(List.of("__name__", "g", "", "x"), now, 2));
        v1(all, "no samples", series(name("no")));
        v1(all, "nothing");
        v1(all, "out of order within", series(name("within"), now + 1, 2, now, 1, now + 2, 3));
        all.put("bad message", new Sent(V1, "snappy", snappy(new byte[] {0x0a, 0x05, 'a'})));
        all.put("other type", new Sent("text/plain", "snappy", body(series(A, now + 2, 1))));
        all.put("bad type", new Sent(V1 + ";proto", "snappy", body(series(A, now + 3, 1))));
        // Prometheus 3.5 says 415 and stores it all the same.
        all.put("other encoding", new Sent(V1, "gzip", body(series(name("gzip"), now, 1))));
        all.put("named", new Sent(V1 + ";proto=prometheus.WriteRequest", "snappy", body(series(A, now + 5, 1))));
        ProtobufWriter trace = new ProtobufWriter()
                .message(1, new ProtobufWriter().text(1, "trace").text(2, "t1"));
        v1(
                all,
                "exemplar",
                series(name("e_total"), now, 1).message(3, trace.float64(2, 1.5).int64(3, now)));
        v1(all, "histogram", series(name("h")).message(4, histogram(3)));
        v1(all, "too old, then good", series(name("i"), now - FIVE_HOURS_MS, 1, now, 2));
        v1(all, "future, then good", series(name("j"), now + FIVE_HOURS_MS, 1, now, 2));
        v1(all, "histogram that is none", series(name("k")).message(4, histogram(4)));
        v1(all, "old histogram", series(name("l")).message(4, histogram(3).int64(15, now - FIVE_HOURS_MS)));
        v1(all, "exemplar alone", series(name("m")).message(3, trace));
        v2(all, "v2 sample", List.of(name("v2a")), now);
        v2(all, "v2 out of order beside a good one", List.of(name("v2a"), name("v2b")), now - 1);
        v2(all, "v2 no name", List.of(List.of("x", "y"), name("v2c")), now);
        v2(all, "v2 a label twice", List.of(List.of("__name__", "y", "a", "1", "a", "2"), name("v2d")), now);
        v2(all, "v2 empty name", List.of(List.of("__name__", ""), name("v2e")), now);
        v2(all, "v2 too old", List.of(name("v2old")), now - FIVE_HOURS_MS);
        v2(all, "v2 future", List.of(name("v2future"), name("v2f")), now + FIVE_HOURS_MS);
        v2(all, "v2 nothing", List.of(), now);
        all.put("v1 read as v2", new Sent(V2, "snappy", body()));
        return all;
    }

    private ProtobufWriter histogram(int count) {
        return new ProtobufWriter()
                .int64(1, count)
                .float64(3, 7)
                .sint64(4, 0)
                .float64(5, 0.001)
                .message(11, new ProtobufWriter().sint64(1, 0).int64(2, 2))
                .message(12, new ProtobufWriter().zigzag(1).zigzag(1))
                .int64(15, now);
    }

    private static List<String> name(String name) {
        return List.of("__name__", name);
    }

    private static void v1(Map<String, Sent> all, String name, ProtobufWriter... series) {
        all.put(name, new Sent(V1, "snappy", body(series)));
    }

    private static HttpRequest.BodyPublisher body(ProtobufWriter... series) {
        ProtobufWriter request = new ProtobufWriter();
        for (ProtobufWriter one : series) {
            request.message(1, one);
        }
        return snappy(request.toByteArray());
    }

    private static ProtobufWriter series(List<String> labels, long... timesAndValues) {
        ProtobufWriter series = new ProtobufWriter();
        for (int i = 0; i < labels.size(); i += 2) {
            series.message(1, new ProtobufWriter().text(1, labels.get(i)).text(2, labels.get(i + 1)));
        }
        for (int i = 0; i < timesAndValues.length; i += 2) {
            series.message(2, sample(timesAndValues[i], (double) timesAndValues[i + 1]));
        }
        return series;
    }

    private static ProtobufWriter sample(long timestampMs, double value) {
        return new ProtobufWriter().float64(1, value).int64(2, timestampMs);
    }

    /** A request of version 2: each series with one sample of the same time. */
    private static void v2(Map<String, Sent> all, String name, List<List<String>> series, long timestampMs) {
        List<String> symbols = new ArrayList<>(List.of(""));
        List<ProtobufWriter> written = new ArrayList<>();
        for (List<String> labels : series) {
            ProtobufWriter refs = new ProtobufWriter();
            for (String label : labels) {
                if (!symbols.contains(label)) {
                    symbols.add(label);
                }
                refs.varint(symbols.indexOf(label));
            }
            written.add(new ProtobufWriter().message(1, refs).message(2, sample(timestampMs, 1)));
        }
        ProtobufWriter request = new ProtobufWriter();
        symbols.forEach(symbol -> request.text(4, symbol));
        written.forEach(one -> request.message(5, one));
        all.put(name, new Sent(V2, "snappy", snappy(request.toByteArray())));
    }

    /** Snappy's block format without compression: one literal. */
    private static HttpRequest.BodyPublisher snappy(byte[] raw) {
        ProtobufWriter block = new ProtobufWriter().varint(raw.length);
        if (raw.length > 0) {
            byte[] literal = new byte[raw.length + 3];
            literal[0] = (byte) (61 << 2);
            literal[1] = (byte) (raw.length - 1);
            literal[2] = (byte) ((raw.length - 1) >>> 8);
            System.arraycopy(raw, 0, literal, 3, raw.length);
            byte[] head = block.toByteArray();
            byte[] whole = new byte[head.length + literal.length];
            System.arraycopy(head, 0, whole, 0, head.length);
            System.arraycopy(literal, 0, whole, head.length, literal.length);
            return HttpRequest.BodyPublishers.ofByteArray(whole);
        }
        return HttpRequest.BodyPublishers.ofByteArray(block.toByteArray());
    }

    private String answer(URI server, Sent sent) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/v1/write"))
                .header("Content-Type", sent.contentType())
                .header("Content-Encoding", sent.encoding())
                .POST(sent.body())
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeIf(name -> !name.startsWith("x-") && !name.equals("content-type"));
        return response.statusCode() + " " + headers + " " + response.body();
    }

    /** One that is refused for its time, or what it is, makes no series. */
    private static int seriesInMemory(HttpResponse<String> status) {
        return new JsonObject(status.body())
                .getJsonObject("data")
                .getJsonObject("headStats")
                .getInteger("numSeries");
    }

    private static JsonObject samples(JsonObject answer) {
        return answer.getJsonObject("data");
    }

    @Test
    void answersAndStoresAsPrometheusDoes() throws Exception {
        Path ours = Files.createDirectories(directory.resolve("ours"));
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Files.writeString(ours.resolve("prometheus.yml"), "global: {}\n");
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        "global: {}\n",
                        theirs,
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=exemplar-storage,native-histograms");
                ServerProcess narthex = ServerProcess.start(
                        ours,
                        ServerProcess.freePort(),
                        "run",
                        "--config.file=" + ours.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + ours.resolve("data"),
                        "--web.enable-remote-write-receiver")) {
            Map<String, String> expected = new LinkedHashMap<>();
            Map<String, String> actual = new LinkedHashMap<>();
            Map<String, Integer> expectedSeries = new LinkedHashMap<>();
            Map<String, Integer> actualSeries = new LinkedHashMap<>();
            for (Map.Entry<String, Sent> request : requests().entrySet()) {
                expected.put(request.getKey(), answer(prometheus.uri(), request.getValue()));
                actual.put(request.getKey(), answer(narthex.uri(), request.getValue()));
                expectedSeries.put(request.getKey(), seriesInMemory(prometheus.get(STATUS)));
                actualSeries.put(request.getKey(), seriesInMemory(narthex.get(STATUS)));
            }
            // Prometheus 3.5 takes samples of a request that it refuses for its encoding.
            int gzip = List.copyOf(expectedSeries.keySet()).indexOf("other encoding");
            List<String> behind = List.copyOf(expectedSeries.keySet()).subList(gzip, expectedSeries.size());
            behind.forEach(name -> expectedSeries.merge(name, -1, Integer::sum));
            assertThat(actualSeries).as("series in memory").isEqualTo(expectedSeries);
            // It will not become one if it is sent again: 400, where Prometheus 3.5 says 500.
            assertThat(expected.remove("histogram that is none")).contains("3 observations found in buckets");
            assertThat(actual.remove("histogram that is none"))
                    .startsWith("400 ")
                    .contains("3 observations");
            // Of a damaged message we say where the damage is.
            assertThat(expected.remove("bad message")).startsWith("400 ");
            assertThat(actual.remove("bad message")).startsWith("400 ").contains("at offset 2");
            assertThat(actual).isEqualTo(expected);
            String query = "/api/v1/query?time=" + (now / 1000 + 60) + "&query="
                    + URLEncoder.encode("{__name__=~\".+\", __name__!=\"gzip\"}[1h]", StandardCharsets.UTF_8);
            assertThat(samples(new JsonObject(narthex.get(query).body())))
                    .isEqualTo(samples(new JsonObject(prometheus.get(query).body())));
            for (String asked : List.of("query=rate(e_total[5m])", "query=e_total&start=1&end=2", "query=")) {
                String exemplars =
                        "/api/v1/query_exemplars?" + asked.replace("[", "%5B").replace("]", "%5D");
                assertThat(narthex.get(exemplars).body())
                        .as(asked)
                        .isEqualTo(prometheus.get(exemplars).body());
            }
        }
    }
}
