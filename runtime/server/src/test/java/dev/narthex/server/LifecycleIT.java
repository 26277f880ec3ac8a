// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
