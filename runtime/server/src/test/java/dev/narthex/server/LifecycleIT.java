// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose files change while it runs. */
class LifecycleIT {
    @TempDir
    Path directory;

    @BeforeEach
    void writeFirst() throws IOException {
        jobs("one");
        rules("up");
    }

    private void jobs(String name) throws IOException {
        Files.writeString(
                directory.resolve("prometheus.yml"),
                "rule_files: [rules.yml]\nscrape_configs: [{job_name: " + name + "}]\n");
    }

    private void rules(String expression) throws IOException {
        Files.writeString(
                directory.resolve("rules.yml"),
                "groups: [{name: g, rules: [{record: r, expr: '" + expression + "'}]}]\n");
    }

    private ServerProcess start(String... flags) throws IOException {
        List<String> line = new java.util.ArrayList<>(List.of(
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data")));
        line.addAll(List.of(flags));
        return ServerProcess.start(directory, ServerProcess.freePort(), line.toArray(String[]::new));
    }

    private static String metric(ServerProcess server, String name) throws IOException {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElse("none");
    }

    @Test
    void filesThatHaveChangedAreReadByThemselves() throws Exception {
        try (ServerProcess server =
                start("--config.auto-reload", "--config.auto-reload-interval=100ms", "--log.format=json")) {
            String loadedAt = metric(server, "prometheus_config_last_reload_success_timestamp_seconds");
            assertThat(server.get("/api/v1/features").body()).contains("\"auto_reload_config\":true");
            jobs("two");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.get("/api/v1/scrape_pools").body().contains("two"));
            rules("up + 1");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.get("/api/v1/rules").body().contains("up + 1"));
            rules("up +");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> metric(server, "prometheus_config_last_reload_successful")
                            .endsWith(" 0"));
            assertThat(server.get("/api/v1/rules").body()).contains("up + 1");
            assertThat(metric(server, "prometheus_config_last_reload_success_timestamp_seconds"))
                    .isNotEqualTo(loadedAt);
            rules("up + 2");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> metric(server, "prometheus_config_last_reload_successful")
                            .endsWith(" 1"));
            assertThat(server.terminate()).isZero();
            // Each line an object; those of Quarkus before the command line was read are not there.
            List<JsonObject> lines = server.log().lines().map(JsonObject::new).toList();
            assertThat(lines).anySatisfy(line -> {
                assertThat(line.getString("msg")).isEqualTo("configuration not loaded");
                assertThat(line.getString("level")).isEqualTo("ERROR");
                assertThat(line.getString("err")).contains("rules.yml");
            });
        }
    }

    @Test
    void withoutTheFlagFilesAreReadWhenSomebodyAsks() throws Exception {
        try (ServerProcess server = start("--web.enable-lifecycle")) {
            jobs("two");
            assertThat(server.get("/api/v1/scrape_pools").body()).contains("one");
            rules("up +");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(500);
            assertThat(server.get("/api/v1/scrape_pools").body()).contains("one");
            rules("up");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            assertThat(server.get("/api/v1/scrape_pools").body()).contains("two");
        }
    }

    /** One file of several is broken: nothing of the others is taken over, everybody is told why, until it is mended. */
    @ParameterizedTest
    @ValueSource(strings = {"rules.yml", "jobs.yml", "alertmanager.yml", "prometheus.yml"})
    void aBrokenFileKeepsAllThatRunsAndSaysWhy(String broken) throws Exception {
        String rules = "groups: [{name: g, rules: [{record: r, expr: '%s'}]}]\n";
        String receivers = "route: {receiver: %s}\nreceivers: [{name: %s}]\n";
        String jobs = "scrape_configs: [{job_name: %s}]\n";
        String main = "global: {external_labels: {is: %s}}\nrule_files: [rules.yml]\nscrape_config_files: [jobs.yml]\n";
        write("rules.yml", rules.replace("%s", "up"));
        write("alertmanager.yml", receivers.replace("%s", "one"));
        write("jobs.yml", jobs.replace("%s", "one"));
        write("prometheus.yml", main.replace("%s", "one"));
        try (ServerProcess server = start(
                "--web.enable-lifecycle", "--alertmanager.config.file=" + directory.resolve("alertmanager.yml"))) {
            String hash = metric(server, "alertmanager_config_hash");
            write("rules.yml", rules.replace("%s", "up + 1"));
            write("alertmanager.yml", receivers.replace("%s", "two"));
            write("jobs.yml", jobs.replace("%s", "two"));
            write("prometheus.yml", main.replace("%s", "two"));
            String good = Files.readString(directory.resolve(broken));
            write(broken, "broken: [\n");
            HttpResponse<String> answer = server.post("/-/reload");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            assertThat(answer.body()).startsWith("failed to reload config: ").contains(broken);
            assertThat(server.get("/api/v1/rules").body()).doesNotContain("up + 1");
            assertThat(server.get("/api/v1/scrape_pools").body())
                    .contains("one")
                    .doesNotContain("two");
            assertThat(server.get("/api/v1/status/config").body()).contains("is: one");
            assertThat(server.get("/api/v2/receivers").body()).contains("one").doesNotContain("two");
            assertThat(metric(server, "alertmanager_config_hash")).isEqualTo(hash);
            assertThat(metric(server, "prometheus_config_last_reload_successful"))
                    .endsWith(" 0");
            assertThat(metric(server, "alertmanager_config_last_reload_successful"))
                    .endsWith(" 0");
            assertThat(server.get("/api/v1/notifications").body()).contains("Configuration reload has failed.");
            assertThat(server.data("/api/v1/status/runtimeinfo").getBoolean("reloadConfigSuccess"))
                    .isFalse();
            assertThat(server.log()).contains("configuration not loaded").contains(broken);
            write(broken, good);
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            assertThat(server.get("/api/v1/rules").body()).contains("up + 1");
            assertThat(server.get("/api/v1/scrape_pools").body())
                    .contains("two")
                    .doesNotContain("one");
            assertThat(server.get("/api/v2/receivers").body()).contains("two");
            assertThat(metric(server, "prometheus_config_last_reload_successful"))
                    .endsWith(" 1");
            assertThat(server.get("/api/v1/notifications").body()).doesNotContain("reload");
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }

    /** Signals and requests that come while files are read: the last state of the files holds in the end. */
    @Test
    void aStormOfReloadsEndsWithTheFilesAsTheyAre() throws Exception {
        try (ServerProcess server = start("--web.enable-lifecycle");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                server.signal("HUP");
                answers.add(threads.submit(() -> server.post("/-/reload").statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
            jobs("last");
            server.signal("HUP");
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.get("/api/v1/scrape_pools").body().contains("last"));
            assertThat(metric(server, "prometheus_config_last_reload_successful"))
                    .endsWith(" 1");
            assertThat(server.terminate()).isZero();
        }
    }
}
