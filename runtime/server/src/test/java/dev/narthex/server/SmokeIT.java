// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.CommandResult;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every form of the server has to do, by process and HTTP only: the same for the jar and the native executable. */
class SmokeIT {
    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = ServerProcess.freePort();
    }

    private static ConditionFactory soon() {
        return await().atMost(ServerProcess.LIMIT).pollInterval(Duration.ofMillis(100));
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private String prometheusYml(String more) throws IOException {
        return write(
                "prometheus.yml", """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yml]
                scrape_configs:
                - job_name: narthex
                  static_configs: [{targets: ['127.0.0.1:PORT']}]
                MORE
                """.replace("PORT", Integer.toString(port)).replace("MORE", more));
    }

    private ServerProcess start(String... more) throws IOException {
        String[] flags = new String[more.length + 4];
        flags[0] = "run";
        flags[1] = "--config.file=" + directory.resolve("prometheus.yml");
        flags[2] = "--storage.tsdb.path=" + directory.resolve("data");
        flags[3] = "--web.enable-lifecycle";
        System.arraycopy(more, 0, flags, 4, more.length);
        return ServerProcess.start(directory, port, flags);
    }

    @Test
    void scrapesQueriesAlertsAndKeepsItsData() throws Exception {
        List<String> notifications = new CopyOnWriteArrayList<>();
        try (LoopbackServer webhook = LoopbackServer.start((request, out) -> {
            notifications.add(request.bodyText());
            LoopbackServer.respond(out, "text/plain", new byte[0]);
        })) {
            prometheusYml("");
            write("rules.yml", """
                    groups:
                    - name: smoke
                      rules:
                      - {record: 'job:up:sum', expr: 'sum by (job) (up)'}
                      - {alert: Up, expr: 'up == 1', labels: {severity: page}, annotations: {summary: '{{ $labels.instance }}'}}
                    """);
            String alertmanager = write("alertmanager.yml", """
                    route: {receiver: hook, group_by: [alertname], group_wait: 100ms}
                    receivers:
                    - name: hook
                      webhook_configs: [{url: 'http://ADDRESS/notify'}]
                    """.replace("ADDRESS", webhook.address()));
            String flag = "--alertmanager.config.file=" + alertmanager;
            String before;
            try (ServerProcess server = start(flag)) {
                soon().untilAsserted(() -> assertThat(server.value("up")).isEqualTo("1"));
                soon().untilAsserted(
                                () -> assertThat(server.value("job:up:sum")).isEqualTo("1"));
                assertThat(server.get("/metrics").body()).contains("prometheus_tsdb_head_series ");
                assertThat(server.get("/").body()).contains("<h2>Targets <small>1</small></h2>");
                soon().untilAsserted(() -> assertThat(notifications).isNotEmpty());
                JsonObject notification = new JsonObject(notifications.getFirst());
                assertThat(notification.getString("status")).isEqualTo("firing");
                assertThat(notification.getJsonObject("groupLabels"))
                        .isEqualTo(new JsonObject().put("alertname", "Up"));
                assertThat(server.data("/api/v1/rules").getJsonArray("groups")).hasSize(1);
                assertThat(server.data("/api/v1/alerts").getJsonArray("alerts")).hasSize(1);
                soon().until(() -> Integer.parseInt(String.valueOf(server.value("count_over_time(up[1h])"))) >= 3);
                before = String.valueOf(server.value("count_over_time(up[1h])"));
                server.kill();
            }
            try (ServerProcess server = start(flag)) {
                soon().untilAsserted(() ->
                        assertThat(server.query("count_over_time(up[1h])")).hasSize(1));
                int after = Integer.parseInt(String.valueOf(server.value("count_over_time(up[1h])")));
                assertThat(after).isGreaterThanOrEqualTo(Integer.parseInt(before));
                String log = server.log();
                assertThat(log.lastIndexOf("configuration loaded"))
                        .as("scraping is set to work before the log is replayed: %s", log)
                        .isGreaterThan(log.lastIndexOf("starting Narthex"))
                        .isLessThan(log.lastIndexOf("TSDB is open"));
                assertThat(log).doesNotContain("still being replayed");
                assertThat(server.terminate()).isZero();
                assertThat(server.log()).contains("stopped failures=0");
            }
        }
    }

    @Test
    void reloadsItsConfigurationAndKeepsTheFormerOneWhenItCannot() throws Exception {
        write("rules.yml", "groups: []\n");
        prometheusYml("");
        try (ServerProcess server = start()) {
            soon().untilAsserted(() -> assertThat(server.value("up")).isEqualTo("1"));

            prometheusYml("- job_name: other\n  static_configs: [{targets: ['127.0.0.1:1']}]");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            soon().untilAsserted(
                            () -> assertThat(server.value("up{job=\"other\"}")).isEqualTo("0"));

            prometheusYml("- job_nam: wrong");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(500);
            assertThat(server.post("/-/reload").body())
                    .contains("prometheus.yml:")
                    .contains("job_name");
            assertThat(server.data("/api/v1/status/runtimeinfo").getBoolean("reloadConfigSuccess"))
                    .isFalse();
            assertThat(server.data("/api/v1/scrape_pools").getJsonArray("scrapePools"))
                    .containsExactly("narthex", "other");

            prometheusYml("");
            server.signal("HUP");
            soon().untilAsserted(
                            () -> assertThat(server.data("/api/v1/scrape_pools").getJsonArray("scrapePools"))
                                    .containsExactly("narthex"));
            assertThat(server.post("/-/quit").statusCode()).isEqualTo(200);
            soon().untilAsserted(() -> assertThat(server.log()).contains("stopped failures=0"));
        }
    }

    @Test
    void endsWithTheExitCodesOfPrometheus() throws Exception {
        assertThat(PackagedProgram.run("run", "--bogus").exitCode()).isEqualTo(1);
        Path data = directory.resolve("untouched");
        CommandResult missing = PackagedProgram.run(
                "run", "--config.file=" + directory.resolve("nope.yml"), "--storage.tsdb.path=" + data);
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.output() + missing.errors()).contains("nope.yml");
        assertThat(data).doesNotExist();
        assertThat(PackagedProgram.run("version").assertSuccess().output()).startsWith("narthex, version ");
    }
}
