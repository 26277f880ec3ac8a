// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names under which a real Prometheus shows what it does are ours too, but for those listed. */
class SelfMetricsIT {
    /** Of Go, of its libraries, and of discoveries; the latter are for each mechanism. */
    private static final List<String> ELSEWHERE = List.of("go_", "net_", "promhttp_", "prometheus_sd_");

    @TempDir
    Path directory;

    private static Map<String, String> types(String page) {
        Map<String, String> types = new TreeMap<>();
        page.lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            String[] words = line.split(" ", -1);
            types.put(words[2], words[3]);
        });
        return types;
    }

    private static List<String> exceptions() throws IOException {
        try (var in = SelfMetricsIT.class.getResourceAsStream("/metrics/absent.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        }
    }

    @Test
    void namesAreThoseOfPrometheus() throws Exception {
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        String rules = "groups: [{name: g, rules: [{record: r, expr: up}]}]\n";
        Files.writeString(theirs.resolve("rules.yml"), rules);
        Path ours = Files.createDirectories(directory.resolve("ours"));
        Files.writeString(ours.resolve("rules.yml"), rules);
        int port = ServerProcess.freePort();
        String configuration = "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml]\n"
                + "scrape_configs: [{job_name: self, static_configs: [{targets: ['127.0.0.1:" + port + "']}]}]\n";
        Files.writeString(ours.resolve("prometheus.yml"), configuration);
        try (PeerProcess prometheus = PeerProcess.prometheus(program, configuration, theirs);
                ServerProcess narthex = ServerProcess.start(
                        ours,
                        port,
                        "run",
                        "--config.file=" + ours.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + ours.resolve("data"))) {
            // Some families are there once there was something to count.
            for (String path : List.of("/api/v1/query?query=up", "/federate?match%5B%5D=up", "/metrics")) {
                prometheus.get(path);
                narthex.get(path);
            }
            await().atMost(ServerProcess.LIMIT).until(() -> narthex.value("r") != null);
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> prometheus.get("/api/v1/query?query=r").body().contains("\"r\""));
            Map<String, String> expected = types(prometheus.get("/metrics").body());
            Map<String, String> actual = types(narthex.get("/metrics").body());
            List<String> absent = new ArrayList<>();
            expected.forEach((name, type) -> {
                if (ELSEWHERE.stream().anyMatch(name::startsWith)) {
                    return;
                }
                if (!actual.containsKey(name)) {
                    absent.add(name);
                } else {
                    assertThat(actual.get(name)).as(name).isEqualTo(type);
                }
            });
            // Both ways: what is here must not be called absent.
            assertThat(absent).containsExactlyInAnyOrderElementsOf(exceptions());
            // Each of the duration families has what dashboards ask for.
            String page = narthex.get("/metrics").body();
            for (String series : Stream.of(
                            "prometheus_engine_query_duration_seconds{quantile=\"0.9\",slice=\"inner_eval\"}",
                            "prometheus_engine_query_duration_seconds_count{slice=\"queue_time\"}",
                            "prometheus_rule_group_duration_seconds{quantile=\"0.99\"}",
                            "prometheus_rule_evaluation_duration_seconds_sum")
                    .toList()) {
                assertThat(page).contains("\n" + series + " ");
            }
            assertThat(page).containsPattern("\nprometheus_engine_query_samples_total [1-9]");
        }
    }
}
