// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import io.vertx.core.json.JsonArray;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One data directory goes from a real Prometheus to us and back, again and again: each is sent samples of all kinds, deletes
 * some, is stopped or killed, and whoever comes next answers as it did. {@code -Dexchange.rounds=} for more.
 */
class DirectoryExchangeIT {
    private static final int ROUNDS = Integer.getInteger("exchange.rounds", 6);
    private static final int STEPS = 240;
    private static final long ROUND_MS = STEPS * ExchangedSamples.STEP_MS;
    private static final String CONFIG = """
            global: {scrape_interval: 1h}
            storage: {tsdb: {out_of_order_time_window: 2h}}
            """;
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private static final List<String> QUERIES = List.of(
            "{__name__=~\".+\"}[DAY]",
            "count by (__name__) (last_over_time({__name__=~\".+\"}[DAY]))",
            "rate(requests_total[20m])",
            "{\"температура.été\"}");
    /** What 3.5.3 makes of the same samples in another way than its successors and we do. */
    private static final List<String> NEW_QUERIES = List.of(
            "rate(seconds[20m])",
            "increase(float_seconds[DAY])",
            "histogram_quantile(0.9, rate(custom_seconds[30m]))",
            "avg_over_time(gauge_seconds[10m])",
            "resets(mixed[DAY])");

    private static final String EXEMPLARS = "exemplars";
    private static final String SNAPSHOT = "memory-snapshot-on-shutdown";
    private static final List<String> FLAGS = List.of("--web.enable-remote-write-receiver", "--web.enable-admin-api");
    private static final List<String> FEATURES =
            List.of("exemplar-storage", "native-histograms", "metadata-wal-records");

    @TempDir
    Path directory;

    private final Random random = Seed.of(DirectoryExchangeIT.class).random();
    private final HttpClient http = HttpClient.newHttpClient();
    private long timeMs = WallClock.system().millis() / 1000 * 1000 - (ROUNDS + 1) * ROUND_MS;
    private final List<String> history = new ArrayList<>();
    private Map<String, Map<String, List<String>>> answers = new LinkedHashMap<>();

    /** A running server, a Prometheus or ours. */
    private interface Running extends AutoCloseable {
        URI uri();

        boolean isOurs();

        /** Whether it evaluates {@link #NEW_QUERIES} as the newest one does. */
        boolean isNew();

        String log() throws IOException;

        void kill() throws InterruptedException;

        @Override
        void close();
    }

    private interface Peer {
        Running start(int round) throws IOException;
    }

    private Running prometheus(Path program, boolean isNew, List<String> features) throws IOException {
        List<String> flags = new ArrayList<>(FLAGS);
        List<String> all = new ArrayList<>(features);
        if (random.nextBoolean()) {
            all.add(SNAPSHOT);
        }
        history.add((isNew ? "new" : "packaged") + " Prometheus " + all);
        flags.add("--enable-feature=" + String.join(",", all));
        flags.add("--storage.tsdb.wal-compression-type=" + (random.nextBoolean() ? "zstd" : "snappy"));
        PeerProcess peer = PeerProcess.prometheus(program, CONFIG, directory, flags.toArray(String[]::new));
        return new Running() {
            @Override
            public URI uri() {
                return peer.uri();
            }

            @Override
            public boolean isOurs() {
                return false;
            }

            @Override
            public boolean isNew() {
                return isNew;
            }

            @Override
            public String log() {
                return peer.log();
            }

            @Override
            public void kill() {
                peer.kill();
            }

            @Override
            public void close() {
                peer.close();
            }
        };
    }

    private Running narthex() throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--storage.tsdb.wal-compression-type=" + (random.nextBoolean() ? "zstd" : "snappy")));
        flags.addAll(FLAGS);
        boolean snapshot = random.nextBoolean();
        if (snapshot) {
            flags.add("--enable-feature=" + SNAPSHOT);
        }
        history.add("Narthex" + (snapshot ? " " + SNAPSHOT : ""));
        Files.writeString(directory.resolve("prometheus.yml"), CONFIG);
        Files.deleteIfExists(directory.resolve("narthex.log"));
        ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort(), flags.toArray(String[]::new));
        return new Running() {
            @Override
            public URI uri() {
                return server.uri();
            }

            @Override
            public boolean isOurs() {
                return true;
            }

            @Override
            public boolean isNew() {
                return true;
            }

            @Override
            public String log() throws IOException {
                return server.log();
            }

            @Override
            public void kill() throws InterruptedException {
                server.kill();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private JsonObject get(Running server, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(server.uri().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private void post(Running server, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(204);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The answers to queries, by series, each as its labels and its samples. */
    private Map<String, Map<String, List<String>>> answers(Running server) throws IOException, InterruptedException {
        Map<String, Map<String, List<String>>> found = new LinkedHashMap<>();
        String day = (ROUNDS + 3) + "h";
        List<String> queries = new ArrayList<>(QUERIES);
        if (server.isNew()) {
            queries.addAll(NEW_QUERIES);
        }
        for (String query : queries) {
            String path = "/api/v1/query?time=" + timeMs / 1000 + "&query=" + encode(query.replace("DAY", day));
            JsonArray result = get(server, path).getJsonObject("data").getJsonArray("result");
            Map<String, List<String>> bySeries = new TreeMap<>();
            for (int i = 0; i < result.size(); i++) {
                JsonObject one = result.getJsonObject(i);
                Map<String, Object> labels =
                        new TreeMap<>(one.getJsonObject("metric").getMap());
                List<String> values = new ArrayList<>();
                for (String part : List.of("value", "histogram")) {
                    if (one.containsKey(part)) {
                        values.add(one.getJsonArray(part).encode());
                    }
                    one.getJsonArray(part + "s", new JsonArray()).forEach(sample -> values.add(sample.toString()));
                }
                bySeries.put(labels.toString(), values);
            }
            found.put(query, bySeries);
        }
        // Older ones go with the log.
        String range = "&start=" + (timeMs - ROUND_MS / 2) / 1000 + "&end=" + timeMs / 1000;
        Map<String, List<String>> exemplars = new TreeMap<>();
        for (Object one : get(server, "/api/v1/query_exemplars?query=requests_total" + range)
                .getJsonArray("data")) {
            JsonObject series = (JsonObject) one;
            exemplars.put(
                    series.getJsonObject("seriesLabels").getString("i"),
                    series.getJsonArray("exemplars").stream()
                            .map(Object::toString)
                            .toList());
        }
        found.put(EXEMPLARS, exemplars);
        return found;
    }

    private void round(Running server, ExchangedSamples samples) throws IOException, InterruptedException {
        for (HttpRequest.BodyPublisher body : samples.round(timeMs, STEPS)) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(server.uri().resolve("/api/v1/write"))
                            .header("Content-Type", V2)
                            .header("Content-Encoding", "snappy")
                            .POST(body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        }
        long middle = timeMs + random.nextLong(ROUND_MS);
        timeMs += ROUND_MS;
        post(
                server,
                "/api/v1/admin/tsdb/delete_series?match[]=dropped".replace("[]", "%5B%5D") + "&start="
                        + (middle - ROUND_MS) / 1000 + "&end=" + middle / 1000);
        if (random.nextBoolean()) {
            post(server, "/api/v1/admin/tsdb/clean_tombstones");
        }
    }

    private void assertSame(String query, Map<String, List<String>> found, Map<String, List<String>> expected) {
        assertThat(found.keySet())
                .as("%s after %s", query, history)
                .containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((series, samples) -> assertThat(found.get(series))
                .as("%s of %s after %s", series, query, history)
                .containsExactlyElementsOf(samples));
    }

    private void turn(Running server, ExchangedSamples samples) throws IOException, InterruptedException {
        try (server) {
            Map<String, Map<String, List<String>>> found = answers(server);
            found.forEach((query, answer) -> {
                Map<String, List<String>> expected = answers.get(query);
                if (expected != null && query.equals(EXEMPLARS) && !server.isOurs()) {
                    // A Prometheus, after another one too, may lack some when its log has been replayed.
                    answer.forEach((series, some) -> assertThat(expected.getOrDefault(series, List.of()))
                            .as("exemplars of %s after %s", series, history)
                            .containsAll(some));
                } else if (expected != null) {
                    assertSame(query, answer, expected);
                }
            });
            assertThat(server.log().toLowerCase(Locale.ROOT)).doesNotContain("corrupt");
            round(server, samples);
            answers = answers(server);
            if (random.nextBoolean()) {
                server.kill();
                history.add("killed");
            }
        }
    }

    private void exchange(int rounds, Peer peer, ExchangedSamples samples) throws Exception {
        for (int round = 0; round < rounds; round++) {
            turn(round % 2 == 1 ? narthex() : peer.start(round), samples);
        }
        turn(narthex(), samples);
    }

    private static Path newest() {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeThat(newest).as("the newest Prometheus is built").isPresent();
        return newest.orElseThrow();
    }

    /** By turns with the newest one where that is built. */
    @Test
    void whoeverHasTheDirectoryAnswersAsTheOneBefore() throws Exception {
        Path packaged = Peers.prometheus();
        Optional<Path> newest = Peers.newestPrometheus();
        exchange(
                ROUNDS,
                round -> {
                    boolean isNew = round % 4 == 0 && newest.isPresent();
                    return prometheus(isNew ? newest.get() : packaged, isNew, FEATURES);
                },
                new ExchangedSamples(random, false));
    }

    @Test
    void theNewestAnswersAsTheOneBefore() throws Exception {
        Path newest = newest();
        exchange(ROUNDS, _ -> prometheus(newest, true, FEATURES), new ExchangedSamples(random, true));
    }

    /** With chunks and records that only the newest Prometheus makes. */
    @Test
    void theNewestAnswersAsTheOneBeforeWithStartTimestamps() throws Exception {
        Path newest = newest();
        List<String> features = List.of("exemplar-storage", "st-storage", "histograms-st-encoding", "xor2-encoding");
        exchange(ROUNDS - 2, _ -> prometheus(newest, true, features), new ExchangedSamples(random, true));
    }
}
