// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same bytes served to a real Prometheus and to Narthex: the same series, values and health of the target, for every
 * body of {@link ExpositionCorpus}. {@code -Dfuzz.bodies=} says how many damaged ones there are.
 */
class ScrapeDifferentialIT {
    private static final int DAMAGED = Integer.getInteger("fuzz.bodies", 600);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PATH = "/body/";

    @TempDir
    private Path directory;

    /** What became of a body: series with their first values, and whether the target counts as up. */
    private record Result(String health, Map<String, String> samples) {}

    @Test
    void makesOfEveryBodyWhatPrometheusMakesOfIt() throws IOException {
        List<byte[]> bodies =
                ExpositionCorpus.bodies(Seed.of(ScrapeDifferentialIT.class).random(), DAMAGED);
        try (LoopbackServer server = LoopbackServer.start((request, out) -> LoopbackServer.respond(
                out,
                "text/plain; version=0.0.4",
                bodies.get(Integer.parseInt(request.target().substring(PATH.length())))))) {
            List<StaticTargets> targets = targets(server.address(), bodies.size());
            Map<String, Result> expected;
            Map<String, Result> actual;
            try (PeerProcess prometheus = PeerProcess.prometheus(configuration(targets), directory)) {
                actual = ours(targets);
                expected = theirs(prometheus, bodies.size());
            }
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < bodies.size(); i++) {
                String instance = Integer.toString(i);
                if (!Objects.equals(actual.get(instance), expected.get(instance))) {
                    differences.add(new String(bodies.get(i), StandardCharsets.ISO_8859_1)
                            + "\n    Prometheus: " + expected.get(instance)
                            + "\n    Narthex:    " + actual.get(instance));
                }
            }
            assertThat(differences).as("bodies with another result").isEmpty();
            assertThat(expected.values().stream().filter(result -> result.health.equals("up")))
                    .hasSizeGreaterThan(bodies.size() / 4);
            assertThat(expected.values().stream().filter(result -> result.health.equals("down")))
                    .hasSizeGreaterThan(bodies.size() / 10);
        }
    }

    private static List<StaticTargets> targets(String address, int count) {
        List<StaticTargets> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Labels labels = Labels.of("instance", Integer.toString(i), "__metrics_path__", PATH + i);
            targets.add(new StaticTargets(List.of(address), labels));
        }
        return targets;
    }

    private static String configuration(List<StaticTargets> targets) {
        StringBuilder yaml = new StringBuilder("scrape_configs:\n- job_name: j\n  scrape_interval: ")
                .append(INTERVAL.toSeconds())
                .append("s\n  scrape_timeout: ")
                .append(INTERVAL.toSeconds())
                .append("s\n  static_configs:\n");
        for (StaticTargets target : targets) {
            yaml.append("  - {targets: ['").append(target.targets().getFirst()).append("'], labels: {instance: '");
            yaml.append(target.labels().get("instance")).append("', __metrics_path__: '");
            yaml.append(target.labels().get("__metrics_path__")).append("'}}\n");
        }
        return yaml.toString();
    }

    private static Map<String, Result> ours(List<StaticTargets> targets) {
        MemoryStorage storage = new MemoryStorage();
        try (SystemScheduler scheduler = new SystemScheduler("differential");
                HttpLoop loop = new HttpLoop("differential", scheduler);
                HttpFetchers client = new HttpFetchers(loop, Map.of());
                StandardDiscoverers discoverers = new StandardDiscoverers(scheduler, client, "test");
                DiscoveryManager discovery = new DiscoveryManager(scheduler, discoverers);
                ScrapeManager manager =
                        new ScrapeManager(storage, discovery, loop, client, ScrapeSettings.of("differential", 42))) {
            storage.refuseBefore(scheduler.clock().millis() - 3_600_000);
            GlobalConfig global = new GlobalConfig(INTERVAL, INTERVAL, INTERVAL, Labels.EMPTY);
            manager.apply(
                    List.of(ScrapeConfig.of("j", global).withDiscovery(new StaticDiscoveryConfig(targets))), global);
            await().atMost(LIMIT)
                    .until(() -> manager.activeTargets().stream()
                            .noneMatch(target -> target.health() == TargetHealth.UNKNOWN));
            Map<String, Result> results = new HashMap<>();
            for (TargetView target : manager.activeTargets()) {
                results.put(
                        target.labels().getOrEmpty("instance"),
                        new Result(target.health().text(), new TreeMap<>()));
            }
            for (Labels labels : storage.series()) {
                double first = storage.samples(labels).values().iterator().next();
                put(results, labels, GoFloat.general(first));
            }
            return results;
        }
    }

    private static Map<String, Result> theirs(PeerProcess prometheus, int count) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Result> results = new HashMap<>();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            results.clear();
            JsonNode targets = json.readTree(
                            prometheus.get("/api/v1/targets?state=active").body())
                    .at("/data/activeTargets");
            for (JsonNode target : targets) {
                String health = target.get("health").asText();
                if (!health.equals("unknown")) {
                    results.put(target.at("/labels/instance").asText(), new Result(health, new TreeMap<>()));
                }
            }
            return results.size() == count;
        });
        String query = URLEncoder.encode("{job=\"j\"}[5m]", StandardCharsets.UTF_8);
        JsonNode answer =
                json.readTree(prometheus.get("/api/v1/query?query=" + query).body());
        assertThat(answer.path("status").asText()).isEqualTo("success");
        for (JsonNode series : answer.at("/data/result")) {
            LabelsBuilder labels = Labels.builder();
            series.get("metric")
                    .properties()
                    .forEach(
                            label -> labels.set(label.getKey(), label.getValue().asText()));
            double first = GoFloat.parse(series.at("/values/0/1").asText());
            put(results, labels.build(), GoFloat.general(first));
        }
        return results;
    }

    private static void put(Map<String, Result> results, Labels labels, String value) {
        if (!labels.metricName().equals("scrape_duration_seconds")) {
            Result result = results.get(labels.getOrEmpty("instance"));
            assertThat(result).as("a target of " + labels).isNotNull();
            if (result != null) {
                result.samples.put(labels.toString(), value);
            }
        }
    }
}
