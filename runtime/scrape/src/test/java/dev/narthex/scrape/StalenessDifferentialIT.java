// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.StalenessMarker;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets that say something else each time, to a real Prometheus and to Narthex: in the end the same series are there,
 * and the same have become stale; and the report series had the same values scrape by scrape.
 */
class StalenessDifferentialIT {
    private static final int TARGETS = 60;
    private static final int STEPS = 6;
    /** Each scrape must be over in time, on either side: what one of the two has missed would be a difference. */
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PATH = "/sequence/";
    private static final String BROKEN = "broken{\n";
    private static final List<String> REPORTS =
            List.of("up", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added");

    @TempDir
    private Path directory;

    private final List<List<String>> sequences = new ArrayList<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

    /** Lines from a small stock in random order, now and then repeated; sometimes an error instead. */
    private static String body(Random random) {
        if (random.nextInt(8) == 0) {
            return "";
        }
        StringBuilder body = new StringBuilder();
        for (int line = random.nextInt(6); line < 12; line++) {
            int series = random.nextInt(8);
            boolean turned = random.nextInt(4) == 0;
            String labels = turned ? "{y=\"2\",x=\"" + series + "\"}" : "{x=\"" + series + "\",y=\"2\"}";
            body.append("m")
                    .append(labels)
                    .append(' ')
                    .append(random.nextInt(100))
                    .append('\n');
            if (random.nextInt(6) == 0) {
                body.append("dropped{x=\"").append(series).append("\"} 1\n");
            }
        }
        return random.nextInt(6) == 0 ? body + BROKEN : body.toString();
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        List<String> sequence = sequences.get(Integer.parseInt(request.target().substring(PATH.length())));
        String client = request.header("user-agent").startsWith("Prometheus") ? "theirs" : "ours";
        int step = requests.computeIfAbsent(client + request.target(), _ -> new AtomicInteger())
                .getAndIncrement();
        String body = sequence.get(Math.min(step, sequence.size() - 1));
        if (body.isEmpty()) {
            LoopbackServer.respond(out, 500, Map.of("Content-Type", "text/plain"), new byte[0]);
        } else {
            LoopbackServer.respond(out, "text/plain; version=0.0.4", body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean isDone(String client) {
        for (int i = 0; i < TARGETS; i++) {
            AtomicInteger count = requests.get(client + PATH + i);
            if (count == null || count.get() < STEPS + 1) {
                return false;
            }
        }
        return true;
    }

    @Test
    void leavesTheSameSeriesAliveAsPrometheus() throws IOException {
        Random random = Seed.of(StalenessDifferentialIT.class).random();
        List<StaticTargets> targets = new ArrayList<>();
        StringBuilder yaml = new StringBuilder("scrape_configs:\n- job_name: j\n  scrape_interval: 3s\n")
                .append("  scrape_timeout: 3s\n  metric_relabel_configs:\n")
                .append("  - {source_labels: [__name__], regex: 'm|up|scrape_.*', action: keep}\n  static_configs:\n");
        try (LoopbackServer server = LoopbackServer.start(this::answer)) {
            for (int i = 0; i < TARGETS; i++) {
                List<String> sequence = new ArrayList<>();
                for (int step = 0; step < STEPS; step++) {
                    boolean same = step > 0 && random.nextInt(4) == 0;
                    sequence.add(same ? sequence.getLast() : body(random));
                }
                sequences.add(sequence);
                Labels labels = Labels.of("instance", Integer.toString(i), "__metrics_path__", PATH + i);
                targets.add(new StaticTargets(List.of(server.address()), labels));
                yaml.append("  - {targets: ['").append(server.address()).append("'], labels: {instance: '");
                yaml.append(i)
                        .append("', __metrics_path__: '")
                        .append(PATH)
                        .append(i)
                        .append("'}}\n");
            }
            Set<String> expected;
            Set<String> actual;
            try (PeerProcess prometheus = PeerProcess.prometheus(yaml.toString(), directory)) {
                actual = ours(targets);
                await().atMost(LIMIT).until(() -> isDone("theirs"));
                expected = theirs(prometheus);
            }
            assertThat(expected).hasSizeGreaterThan(TARGETS * REPORTS.size());
            assertThat(minus(expected, actual)).as("only with Prometheus").isEmpty();
            assertThat(minus(actual, expected)).as("only with Narthex").isEmpty();
        }
    }

    private static Set<String> minus(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private Set<String> ours(List<StaticTargets> targets) {
        MemoryStorage storage = new MemoryStorage();
        try (SystemScheduler scheduler = new SystemScheduler("staleness");
                HttpLoop loop = new HttpLoop("staleness", scheduler);
                HttpFetchers client = new HttpFetchers(loop, Map.of());
                DiscoveryManager discovery =
                        new DiscoveryManager(scheduler, new StandardDiscoverers(scheduler, client, "test"));
                ScrapeManager manager =
                        new ScrapeManager(storage, discovery, loop, client, ScrapeSettings.of("staleness", 42))) {
            GlobalConfig global = new GlobalConfig(INTERVAL, INTERVAL, INTERVAL, Labels.EMPTY);
            ScrapeConfig plain = ScrapeConfig.of("j", global);
            manager.apply(
                    List.of(new ScrapeConfig(
                            plain.jobName(),
                            INTERVAL,
                            INTERVAL,
                            plain.metricsPath(),
                            plain.scheme(),
                            plain.params(),
                            false,
                            true,
                            0,
                            0,
                            List.of(new StaticDiscoveryConfig(targets)),
                            List.of(),
                            List.of(RelabelConfig.keep(List.of("__name__"), "m|up|scrape_.*")))),
                    global);
            await().atMost(LIMIT).until(() -> isDone("ours"));
        }
        TreeSet<String> alive = new TreeSet<>();
        for (Labels labels : storage.series()) {
            List<Double> values = List.copyOf(storage.samples(labels).values());
            if (REPORTS.contains(labels.metricName())) {
                alive.add(labels + " " + values.subList(0, STEPS));
            } else if (labels.metricName().equals("m") && !StalenessMarker.is(values.getLast())) {
                alive.add(labels + " " + values.getLast());
            }
        }
        return alive;
    }

    private static Set<String> theirs(PeerProcess prometheus) throws IOException {
        TreeSet<String> alive = new TreeSet<>();
        for (JsonNode series : query(prometheus, "m{job=\"j\"}")) {
            alive.add(labels(series) + " " + series.at("/value/1").asDouble());
        }
        for (String report : REPORTS) {
            for (JsonNode series : query(prometheus, report + "{job=\"j\"}[5m]")) {
                List<Double> values = new ArrayList<>();
                for (JsonNode value : series.get("values")) {
                    values.add(value.get(1).asDouble());
                }
                alive.add(labels(series) + " " + values.subList(0, STEPS));
            }
        }
        return alive;
    }

    private static Labels labels(JsonNode series) {
        LabelsBuilder labels = Labels.builder();
        series.get("metric")
                .properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }

    private static JsonNode query(PeerProcess prometheus, String query) throws IOException {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        return new ObjectMapper()
                .readTree(prometheus.get("/api/v1/query?query=" + encoded).body())
                .at("/data/result");
    }
}
