// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.files.DataDirectory;
import dev.narthex.testkit.peers.CommandResult;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same remote read requests to a real Prometheus and to us, on the same blocks and the same head. */
class RemoteReadIT {
    private static final long T = 1_700_000_000_000L;
    private static final String CONFIGURATION = "global: {external_labels: {cluster: a}}\n";
    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int REGEX = 2;

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final long now = WallClock.system().millis();

    private static ProtobufWriter matcher(int type, String name, String value) {
        return new ProtobufWriter().int64(1, type).text(2, name).text(3, value);
    }

    private static ProtobufWriter query(long startMs, long endMs, ProtobufWriter... matchers) {
        ProtobufWriter query = new ProtobufWriter().int64(1, startMs).int64(2, endMs);
        for (ProtobufWriter matcher : matchers) {
            query.message(3, matcher);
        }
        return query;
    }

    private static ProtobufWriter hints(String function, long startMs, long endMs) {
        return new ProtobufWriter()
                .int64(1, 60_000)
                .text(2, function)
                .int64(3, startMs)
                .int64(4, endMs);
    }

    private static byte[] request(List<ProtobufWriter> queries, int... types) {
        ProtobufWriter request = new ProtobufWriter();
        queries.forEach(query -> request.message(1, query));
        for (int type : types) {
            request.int64(2, type);
        }
        return compressed(request);
    }

    private static byte[] compressed(ProtobufWriter message) {
        byte[] block = new byte[SnappyCompressor.maxLength(message.size())];
        return Arrays.copyOf(block, new SnappyCompressor().compress(message.array(), 0, message.size(), block, 0));
    }

    private Map<String, byte[]> requests() {
        ProtobufWriter a = matcher(EQUAL, "__name__", "a");
        Map<String, byte[]> all = new LinkedHashMap<>();
        Map<String, ProtobufWriter> queries = new LinkedHashMap<>();
        queries.put("some samples of a chunk", query(T + 60_000, T + 180_000, a));
        queries.put("several chunks", query(T, T + 9_000_000, a));
        queries.put("no series", query(T, T + 60_000, matcher(EQUAL, "__name__", "nope")));
        queries.put("no matchers", query(T, T + 60_000));
        queries.put("an external label", query(T, T + 60_000, a, matcher(EQUAL, "cluster", "a")));
        queries.put("another external label", query(T, T + 60_000, a, matcher(EQUAL, "cluster", "b")));
        queries.put("external label by expression", query(T, T + 60_000, a, matcher(REGEX, "cluster", "a")));
        queries.put("external label unequal", query(T, T + 60_000, a, matcher(NOT_EQUAL, "cluster", "b")));
        queries.put("without the external label", query(T, T + 60_000, a, matcher(EQUAL, "cluster", "")));
        queries.put("the external label alone", query(T, T + 60_000, matcher(EQUAL, "cluster", "a")));
        queries.put("bad expression", query(T, T + 60_000, matcher(REGEX, "x", "(")));
        queries.put("no such matcher", query(T, T + 60_000, matcher(9, "x", "y")));
        queries.put("hints within", query(T, T + 600_000, a).message(4, hints("rate", T + 60_000, T + 120_000)));
        queries.put("hints beyond", query(T + 60_000, T + 120_000, a).message(4, hints("", T, T + 600_000)));
        queries.put("series", query(T, T + 600_000, a).message(4, hints("series", T, T + 600_000)));
        queries.put("head", query(now - 10_000, now + 10_000, matcher(REGEX, "__name__", "f|h|fh|c")));
        queries.put("head in part", query(now + 1000, now + 2000, matcher(REGEX, "__name__", "f|h|fh|c")));
        for (Map.Entry<String, ProtobufWriter> query : queries.entrySet()) {
            all.put(query.getKey(), request(List.of(query.getValue())));
            all.put(query.getKey() + ", streamed", request(List.of(query.getValue()), 1));
        }
        ProtobufWriter one = query(T, T + 60_000, a);
        all.put("none", request(List.of()));
        all.put("none, streamed", request(List.of(), 1));
        all.put("two", request(List.of(one, query(T + 60_000, T + 60_000, a))));
        all.put("two, streamed", request(List.of(one, query(T + 60_000, T + 60_000, a)), 1));
        all.put("samples rather than chunks", request(List.of(one), 0, 1));
        all.put("chunks rather than samples", request(List.of(one), 1, 0));
        all.put("an unknown type", request(List.of(one), 7));
        all.put("two unknown types", request(List.of(one), 7, 8));
        all.put("an unknown type or chunks", request(List.of(one), 7, 1));
        all.put("no Snappy", new byte[] {'h', 'e', 'l', 'l', 'o'});
        all.put("nothing", new byte[0]);
        return all;
    }

    /** A block with samples each minute, a second one after two hours, and series with labels like the external one. */
    private void writeBlocks(Path into) throws Exception {
        StringBuilder text = new StringBuilder("# TYPE a gauge\n");
        for (int i = 0; i < 200; i++) {
            text.append("a{x=\"1\"} ")
                    .append(i)
                    .append(' ')
                    .append(T / 1000 + 60L * i)
                    .append('\n');
        }
        for (String cluster : List.of("a", "b")) {
            text.append("a{cluster=\"")
                    .append(cluster)
                    .append("\"} 1 ")
                    .append(T / 1000)
                    .append('\n');
        }
        Path input = Files.writeString(directory.resolve("in.txt"), text.append("# EOF\n"));
        CommandResult.of(
                        Peers.promtool(),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        input.toString(),
                        into.toString())
                .assertSuccess();
    }

    private static ProtobufWriter series(String name) {
        return new ProtobufWriter()
                .message(1, new ProtobufWriter().text(1, "__name__").text(2, name));
    }

    /** Floats, histograms of whole and of fractional counts, and of custom buckets; a second apart each. */
    private byte[] samples() {
        ProtobufWriter floats = series("f");
        ProtobufWriter whole = series("h");
        ProtobufWriter fractional = series("fh");
        ProtobufWriter custom = series("c");
        for (int i = 0; i < 4; i++) {
            long t = now + 1000L * i;
            floats.message(
                    2,
                    new ProtobufWriter()
                            .float64(1, i == 3 ? Double.NaN : -1.5 - i)
                            .int64(2, t));
            whole.message(
                    4,
                    spans(new ProtobufWriter()
                                    .int64(1, 5 + 4L * i)
                                    .float64(3, 7.5 + i)
                                    .sint64(4, 2)
                                    .float64(5, 0.001))
                            .int64(6, 1 + i)
                            .message(9, new ProtobufWriter().zigzag(1 + i))
                            .message(12, new ProtobufWriter().zigzag(1).zigzag(1 + 2L * i))
                            .int64(15, t));
            fractional.message(
                    4,
                    spans(new ProtobufWriter()
                                    .float64(2, 5.5 + i)
                                    .float64(3, 7.5)
                                    .sint64(4, -1)
                                    .float64(5, 0.5))
                            .float64(7, 1.5)
                            .message(10, new ProtobufWriter().fixed64(Double.doubleToRawLongBits(1)))
                            .message(
                                    13,
                                    new ProtobufWriter()
                                            .fixed64(Double.doubleToRawLongBits(1.5))
                                            .fixed64(Double.doubleToRawLongBits(1.5 + i)))
                            .int64(14, 3)
                            .int64(15, t));
            custom.message(
                    4,
                    new ProtobufWriter()
                            .int64(1, 3 + 2L * i)
                            .float64(3, 2)
                            .sint64(4, -53)
                            .message(11, new ProtobufWriter().int64(2, 2))
                            .message(12, new ProtobufWriter().zigzag(1 + i).zigzag(1))
                            .int64(15, t)
                            .message(
                                    16,
                                    new ProtobufWriter()
                                            .fixed64(Double.doubleToRawLongBits(0.5))
                                            .fixed64(Double.doubleToRawLongBits(5))));
        }
        ProtobufWriter request = new ProtobufWriter();
        // Prometheus gives what is in memory in the order in which it came there.
        for (ProtobufWriter each : List.of(custom, floats, fractional, whole)) {
            request.message(1, each);
        }
        return compressed(request);
    }

    private static ProtobufWriter spans(ProtobufWriter histogram) {
        return histogram
                .message(8, new ProtobufWriter().sint64(1, -2).int64(2, 1))
                .message(11, new ProtobufWriter().sint64(1, 1).int64(2, 1))
                .message(11, new ProtobufWriter().sint64(1, 3).int64(2, 1));
    }

    private HttpResponse<byte[]> post(URI server, String path, byte[] body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(server.resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "snappy")
                        .header("Accept-Encoding", "gzip")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private interface Compared {
        void with(URI prometheus, URI narthex) throws Exception;
    }

    private void onTheSameData(List<String> flags, Compared compared) throws Exception {
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Path ours = Files.createDirectories(directory.resolve("ours"));
        writeBlocks(Files.createDirectories(theirs.resolve("data")));
        DataDirectory.copy(theirs.resolve("data"), ours.resolve("data"));
        List<String> all =
                new ArrayList<>(List.of("--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=100y"));
        all.addAll(flags);
        Path file = Files.writeString(ours.resolve("prometheus.yml"), CONFIGURATION);
        List<String> line =
                new ArrayList<>(List.of("run", "--config.file=" + file, "--storage.tsdb.path=" + ours.resolve("data")));
        line.addAll(all);
        List<String> theirFlags = new ArrayList<>(all);
        if (Peers.newestPrometheus().isEmpty()) {
            theirFlags.add("--enable-feature=native-histograms");
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        Peers.newestPrometheus().orElseGet(Peers::prometheus),
                        CONFIGURATION,
                        theirs,
                        theirFlags.toArray(String[]::new));
                ServerProcess narthex =
                        ServerProcess.start(ours, ServerProcess.freePort(), line.toArray(String[]::new))) {
            for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                assertThat(post(server, "/api/v1/write", samples()).statusCode())
                        .isEqualTo(204);
            }
            compared.with(prometheus.uri(), narthex.uri());
        }
    }

    @Test
    void answersAsPrometheusDoes() throws Exception {
        onTheSameData(List.of(), (prometheus, narthex) -> {
            SoftAssertions answers = new SoftAssertions();
            for (Map.Entry<String, byte[]> request : requests().entrySet()) {
                String expected = ReadAnswer.text(post(prometheus, "/api/v1/read", request.getValue()));
                String actual = ReadAnswer.text(post(narthex, "/api/v1/read", request.getValue()));
                answers.assertThat(actual).as(request.getKey()).isEqualTo(expected);
            }
            answers.assertAll();
        });
    }

    @Test
    void obeysTheLimitsOfItsFlags() throws Exception {
        List<String> flags =
                List.of("--storage.remote.read-sample-limit=5", "--storage.remote.read-max-bytes-in-frame=100");
        ProtobufWriter a = matcher(EQUAL, "x", "1");
        onTheSameData(flags, (prometheus, narthex) -> {
            for (byte[] request : List.of(
                    request(List.of(query(T, T + 240_000, a), query(T, T + 240_000, a))),
                    request(List.of(query(T, T + 300_000, a))),
                    request(List.of(query(T, T + 12_000_000, a)), 1))) {
                assertThat(ReadAnswer.text(post(narthex, "/api/v1/read", request)))
                        .isEqualTo(ReadAnswer.text(post(prometheus, "/api/v1/read", request)));
            }
            byte[] chunks = request(List.of(query(T, T + 12_000_000, a)), 1);
            assertThat(ReadAnswer.frames(post(narthex, "/api/v1/read", chunks)))
                    .isEqualTo(ReadAnswer.frames(post(prometheus, "/api/v1/read", chunks)))
                    .isEqualTo(2);
        });
    }
}
