// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code created-timestamp-zero-ingestion}: the zeros that the newest Prometheus stores of what targets show, and what it
 * asks them for. {@code -Dstart.targets=} says how many targets there are.
 */
class StartTimestampZerosIT {
    private static final int TARGETS = Integer.getInteger("start.targets", 120);
    private static final String FEATURE = "--enable-feature=created-timestamp-zero-ingestion";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final long now = WallClock.system().millis();

    /** What a server is shown, and how often it has asked for it. */
    private static final class Shown {
        private final List<StartTimestampBodies> targets;
        private final List<AtomicInteger> asked = new ArrayList<>();
        private volatile String accept = "";

        Shown(List<StartTimestampBodies> targets) {
            this.targets = targets;
            targets.forEach(_ -> asked.add(new AtomicInteger()));
        }

        void answer(LoopbackRequest request, OutputStream out) throws IOException {
            accept = request.header("accept");
            int target = Integer.parseInt(request.target().substring(1));
            StartTimestampBodies bodies = targets.get(target);
            int scrape = asked.get(target).getAndIncrement();
            int last = bodies.bodies().size() - 1;
            LoopbackServer.respond(out, bodies.contentType(), bodies.bodies().get(Math.min(scrape, last)));
        }

        boolean isComplete() {
            for (int i = 0; i < targets.size(); i++) {
                if (asked.get(i).get() <= targets.get(i).bodies().size() + 1) {
                    return false;
                }
            }
            return true;
        }
    }

    private static String config(String address) {
        StringBuilder yaml = new StringBuilder("""
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                - job_name: j
                  scrape_native_histograms: true
                  static_configs:
                """);
        for (int i = 0; i < TARGETS; i++) {
            yaml.append("  - {targets: ['").append(address).append("'], labels: {instance: '");
            yaml.append(i).append("', __metrics_path__: /").append(i).append("}}\n");
        }
        return yaml.toString();
    }

    private interface Get {
        String body(String path) throws IOException;
    }

    /** Samples with explicit timestamps and zeros by series; those of scrape times are left out, which differ. */
    private Map<String, String> samples(Get server, long shownMs) throws IOException {
        String query = "/api/v1/query?time=" + (now / 1000 + 600) + "&query="
                + URLEncoder.encode("{job=\"j\",__name__=~\"m.*\"}[2d]", StandardCharsets.UTF_8);
        JsonArray series =
                new JsonObject(server.body(query)).getJsonObject("data").getJsonArray("result");
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            JsonObject one = series.getJsonObject(i);
            List<String> samples = new ArrayList<>();
            for (String kind : List.of("values", "histograms")) {
                for (Object sample : one.getJsonArray(kind, new JsonArray())) {
                    JsonArray pair = (JsonArray) sample;
                    if (pair.getDouble(0) * 1000 < shownMs) {
                        samples.add(pair.encode());
                    }
                }
            }
            Map<String, Object> labels =
                    new TreeMap<>(one.getJsonObject("metric").getMap());
            if (!samples.isEmpty()) {
                all.put(labels.toString(), samples.toString());
            }
        }
        return all;
    }

    @Test
    void theSameZerosAreStored() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        assumeThat(newest).as("the newest Prometheus is built").isPresent();
        Random random = Seed.of(StartTimestampZerosIT.class).random();
        List<StartTimestampBodies> targets = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            targets.add(StartTimestampBodies.random(random, now));
        }
        Path ours = Files.createDirectories(directory.resolve("ours"));
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Shown shownUs = new Shown(targets);
        Shown shownThem = new Shown(targets);
        try (LoopbackServer us = LoopbackServer.start(shownUs::answer);
                LoopbackServer them = LoopbackServer.start(shownThem::answer)) {
            Files.writeString(ours.resolve("prometheus.yml"), config(us.address()));
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest.orElseThrow(), config(them.address()), theirs, FEATURE);
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + ours.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + ours.resolve("data"),
                            FEATURE)) {
                await().atMost(LIMIT).until(() -> shownUs.isComplete() && shownThem.isComplete());
                // Start timestamps lie at least so far back, scrape times do not.
                long scrapesFromMs = now - 60_000;
                Map<String, String> expected =
                        samples(path -> prometheus.get(path).body(), scrapesFromMs);
                Map<String, String> actual = samples(path -> narthex.get(path).body(), scrapesFromMs);
                assertThat(expected).hasSizeGreaterThan(TARGETS);
                assertThat(actual).isEqualTo(expected);
                assertThat(shownUs.accept).isEqualTo(shownThem.accept);
            }
        }
    }
}
