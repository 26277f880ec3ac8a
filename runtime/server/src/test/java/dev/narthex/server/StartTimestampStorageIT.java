// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code st-storage}: one data directory goes from the newest Prometheus to us and back, each scrapes a target that tells
 * since when it counts, and each answers from it what the other does.
 */
class StartTimestampStorageIT {
    private static final String FEATURES =
            "--enable-feature=st-storage,use-start-timestamps,promql-experimental-functions";
    private static final String IDLE = "global: {scrape_interval: 1h}\n";
    private static final int SCRAPES = 25;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> QUERIES = List.of(
            "c_total[1h]",
            "start_timestamp(c_total)[5m:200ms]",
            "start_timestamp(g)[5m:200ms]",
            "start_timestamp(h_bucket)[5m:200ms]",
            "increase(c_total[1h])",
            "resets(h_bucket[1h])");

    @TempDir
    Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private final long now = WallClock.system().millis();

    private interface Server extends AutoCloseable {
        String get(String path) throws IOException;

        @Override
        void close();
    }

    /** The counter begins anew at every tenth scrape, one in three does not say when. */
    private String body() {
        int scrape = asked.getAndIncrement();
        String created = scrape % 3 == 2 ? "" : " " + (now / 1000 + scrape / 10) + ".25\n";
        return "# TYPE c counter\nc_total " + scrape % 10 + "\n"
                + (created.isEmpty() ? "" : "c_created" + created)
                + "# TYPE g gauge\ng 1\n"
                + "# TYPE h histogram\nh_bucket{le=\"+Inf\"} " + scrape % 10 + "\nh_count " + scrape % 10
                + "\nh_sum 1\n"
                + (created.isEmpty() ? "" : "h_created" + created)
                + "# EOF\n";
    }

    private Server newest(Path program, String config) throws IOException {
        PeerProcess peer = PeerProcess.prometheus(program, config, directory, FEATURES);
        return new Server() {
            @Override
            public String get(String path) throws IOException {
                return peer.get(path).body();
            }

            @Override
            public void close() {
                peer.close();
            }
        };
    }

    private Server narthex(String config) throws IOException {
        Files.writeString(directory.resolve("prometheus.yml"), config);
        ServerProcess server = ServerProcess.start(
                directory,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                FEATURES);
        return new Server() {
            @Override
            public String get(String path) throws IOException {
                return server.get(path).body();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private void scrape(Server server) {
        int before = asked.get();
        try (server) {
            await().atMost(LIMIT).until(() -> asked.get() >= before + SCRAPES);
        }
    }

    private Map<String, String> answers(Server server, long timeMs) throws IOException {
        try (server) {
            Map<String, String> answers = new TreeMap<>();
            for (String query : QUERIES) {
                String path = "/api/v1/query?time=" + timeMs / 1000 + "&query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8);
                answers.put(
                        query,
                        new JsonObject(server.get(path))
                                .getJsonObject("data")
                                .getJsonArray("result")
                                .encode());
            }
            return answers;
        }
    }

    @Test
    void whoeverHasTheDirectoryKnowsTheStartTimestampsOfBoth() throws Exception {
        Optional<Path> built = Peers.newestPrometheus();
        assumeThat(built).as("the newest Prometheus is built").isPresent();
        Path program = built.orElseThrow();
        try (LoopbackServer target = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                out,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                body().getBytes(StandardCharsets.UTF_8)))) {
            String scraping = """
                    global: {scrape_interval: 400ms, scrape_timeout: 400ms}
                    scrape_configs:
                    - {job_name: j, static_configs: [{targets: ['ADDRESS']}]}
                    """.replace("ADDRESS", target.address());
            scrape(newest(program, scraping));
            long first = WallClock.system().millis() + 1000;
            Map<String, String> theirs = answers(newest(program, IDLE), first);
            assertThat(theirs.get("start_timestamp(c_total)[5m:200ms]")).contains(".25\"");
            assertThat(answers(narthex(IDLE), first)).isEqualTo(theirs);

            int theirScrapes = asked.get();
            scrape(narthex(scraping));
            long second = WallClock.system().millis() + 1000;
            Map<String, String> ours = answers(narthex(IDLE), second);
            assertThat(ours.get("start_timestamp(c_total)[5m:200ms]"))
                    .as("of what we scraped")
                    .containsAnyOf(LongStream.range(theirScrapes / 10 + 1, asked.get() / 10 + 1)
                            .mapToObj(tenth -> now / 1000 + tenth + ".25\"")
                            .toArray(String[]::new));
            assertThat(answers(newest(program, IDLE), second)).isEqualTo(ours);
        }
    }
}
