// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random remote write requests to Prometheus 3.15 and to us, one after the other: the same answers, and the same samples,
 * histograms and exemplars afterwards. One sequence for all builds; {@code -Dremote.messages=} asks for more and
 * {@code -Dtest.seed=} for others.
 */
class RemoteWriteRandomIT {
    private static final int MESSAGES = Integer.getInteger("remote.messages", 400);
    private static final int MOST_SHOWN = 40;
    private static final List<String> METRICS = List.of("first", "a", "b", "c", "d", "e_total", "é{}\\\"\\n");
    private static final String DAMAGED = "damaged";
    private static final Pattern DAMAGE =
            Pattern.compile("^(unexpected EOF|proto: |io: |s2: |snappy: |protobuf: |WriteRequest: |Request: )");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final long now = WallClock.system().millis();

    private String answer(URI server, RemoteWriteMessages.Message message) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1/write"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()));
        message.headers().forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeIf(name -> !name.startsWith("x-") && !name.equals("content-type"));
        return response.statusCode() + " " + headers + " " + comparable(response.body());
    }

    /** What is said of damage is of each program; of a sample that is there already the value is not shown alike. */
    private static String comparable(String body) {
        return DAMAGE.matcher(body).find()
                ? DAMAGED
                : body.replace("\\xffx", "\ufffd")
                        .replace("custom buckets: spans", "positive side: spans")
                        .replaceAll("; overrides not allowed.*?(?= for series|\n|$)", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"global: {}\n", "storage: {tsdb: {out_of_order_time_window: 1h}}\n"})
    void answersAndStoresAsPrometheusDoes(String configuration) throws Exception {
        Path newest = Peers.newestPrometheus().orElse(null);
        assumeTrue(newest != null, "no newest Prometheus here; e2e/peers --newest builds one");
        RemoteWriteMessages messages = new RemoteWriteMessages(new Seed(Long.getLong(Seed.PROPERTY, 1)).random(), now);
        Path ours = Files.createDirectories(directory.resolve("ours"));
        Files.writeString(ours.resolve("prometheus.yml"), configuration);
        List<String> differences = new ArrayList<>();
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        newest,
                        configuration,
                        Files.createDirectories(directory.resolve("theirs")),
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=exemplar-storage");
                ServerProcess narthex = ServerProcess.start(
                        ours,
                        ServerProcess.freePort(),
                        "run",
                        "--config.file=" + ours.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + ours.resolve("data"),
                        "--web.enable-remote-write-receiver")) {
            for (int i = 0; i < MESSAGES && differences.size() < MOST_SHOWN; i++) {
                RemoteWriteMessages.Message message = i == 0 ? messages.first() : messages.next();
                String expected;
                try {
                    expected = answer(prometheus.uri(), message);
                } catch (IOException e) {
                    expected = "hangs up: " + e.getMessage();
                }
                String actual = answer(narthex.uri(), message);
                // Of a damaged message we may have told another fault before we come to the damage.
                boolean damaged = expected.endsWith(DAMAGED);
                if (damaged ? !actual.startsWith("400 ") : !actual.equals(expected)) {
                    differences.add(i + " " + message + "\n  theirs " + expected + "\n  ours   " + actual);
                }
            }
            // Which of two late samples of one time is shown is documented.
            List<String> compared = configuration.contains("window") ? List.of() : METRICS;
            for (String metric : compared) {
                for (String asked : List.of("query", "query_exemplars")) {
                    String expected = stored(prometheus::get, asked, metric);
                    String actual = stored(narthex::get, asked, metric);
                    if (!actual.equals(expected)) {
                        differences.add(asked + " " + metric + "\n  theirs " + expected + "\n  ours   " + actual);
                    }
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private interface Asking {
        HttpResponse<String> get(String path) throws IOException;
    }

    private String stored(Asking server, String endpoint, String metric) throws IOException {
        String selector = "{\"" + metric + "\"}";
        String parameters = endpoint.equals("query")
                ? "time=" + (now / 1000 + 700) + "&query=" + encoded(selector + "[6h]")
                : "start=" + (now / 1000 - 30_000) + "&end=" + (now / 1000 + 30_000) + "&query=" + encoded(selector);
        String body = server.get("/api/v1/" + endpoint + "?" + parameters).body();
        JsonObject answer = new JsonObject(body);
        List<String> series = new ArrayList<>();
        (endpoint.equals("query") ? answer.getJsonObject("data").getJsonArray("result") : answer.getJsonArray("data"))
                .forEach(one -> series.add(ordered(one).toString()));
        series.sort(null);
        return String.join("\n    ", series);
    }

    private static Object ordered(Object json) {
        return json instanceof JsonObject object ? new TreeMap<>(object.getMap()) : json;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
