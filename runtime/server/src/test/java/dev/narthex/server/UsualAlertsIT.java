// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usual alerts on a Prometheus are quiet on a server that is well, and fire on one that is not. */
class UsualAlertsIT {
    private static final String GLOBAL = """
            global: {scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
            - {job_name: self, static_configs: [{targets: ['SELF']}]}
            - {job_name: good, metrics_path: /good, static_configs: [{targets: ['TARGET']}]}
            """;

    private static final String BAD_JOBS = """
            - {job_name: down, static_configs: [{targets: ['127.0.0.1:1']}]}
            - {job_name: duplicates, metrics_path: /duplicates, static_configs: [{targets: ['TARGET']}]}
            - {job_name: backwards, metrics_path: /backwards, static_configs: [{targets: ['TARGET']}]}
            - {job_name: old, metrics_path: /old, static_configs: [{targets: ['TARGET']}]}
            - {job_name: labels, metrics_path: /good, label_limit: 1, static_configs: [{targets: ['TARGET']}]}
            - {job_name: samples, metrics_path: /many, sample_limit: 1, static_configs: [{targets: ['TARGET']}]}
            - {job_name: body, metrics_path: /many, body_size_limit: 1B, static_configs: [{targets: ['TARGET']}]}
            - {job_name: targets, target_limit: 1, static_configs: [{targets: ['127.0.0.1:2', '127.0.0.1:3']}]}
            - job_name: sync
              http_sd_configs: [{url: 'http://TARGET/sd', refresh_interval: 1s}]
              relabel_configs: [{target_label: __scrape_interval__, replacement: never}]
            - {job_name: discovery, http_sd_configs: [{url: 'http://127.0.0.1:1/', refresh_interval: 1s}]}
            """;

    private static final String BAD_RULES = """
            - {name: bad, interval: 1s, rules: [{record: bad, expr: 'good * on () group_left () {__name__=~"good|a.*"}'}]}
            - {name: slow, interval: 1ms, rules: [{record: slow, expr: 'count(sum_over_time(vector(1)[5m:10ms]))'}]}
            """;

    /** What nothing here can make fail; {@code TsdbWorkMetricsTest} does. */
    private static final Set<String> NOT_PROVOKED = Set.of(
            "PrometheusTSDBReloadsFailing",
            "PrometheusTSDBCompactionsFailing",
            "PrometheusTSDBWALCorruptions",
            "PrometheusTSDBCheckpointFailures",
            "PrometheusKubernetesListWatchFailures",
            "PrometheusNotIngestingSamples",
            "PrometheusHighQueryLoad",
            "AlertmanagerConfigInconsistent");

    /** On a machine that has too much to do, evaluations are missed. */
    private static final Set<String> MACHINE = Set.of("PrometheusMissingRuleEvaluations");

    @TempDir
    Path directory;

    private final AtomicInteger backwards = new AtomicInteger();
    private long startMs;

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        String text = switch (request.target()) {
            case "/good" -> "good{a=\"1\"} 1\ngood{a=\"2\"} 1\n";
            case "/many" -> "a 1\nb 1\nc 1\n";
            case "/duplicates" -> "duplicate 1 " + startMs + "\nduplicate 2 " + startMs + "\n";
            case "/backwards" -> "backwards 1 " + (startMs - backwards.incrementAndGet()) + "\n";
            case "/old" -> "old 1 " + (startMs - 10L * 3_600_000) + "\n";
            case "/sd" -> "[{\"targets\": [\"127.0.0.1:4\"]}]";
            default -> throw new IOException(request.target());
        };
        String type = request.target().equals("/sd") ? "application/json" : "text/plain; version=0.0.4";
        LoopbackServer.respond(out, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) throws IOException {
        try (var in = UsualAlertsIT.class.getResourceAsStream("/metrics/" + name)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Set<String> firing(ServerProcess server) throws IOException {
        return server.data("/api/v1/alerts").getJsonArray("alerts").stream()
                .map(alert -> ((JsonObject) alert).getJsonObject("labels").getString("alertname"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void write(String jobs, String rules, String self, String target) throws IOException {
        Files.writeString(
                directory.resolve("prometheus.yml"),
                (GLOBAL + jobs).replace("SELF", self).replace("TARGET", target));
        Files.writeString(directory.resolve("rules.yml"), resource("alerts.yml") + rules);
    }

    @Test
    void fireWhereSomethingIsWrongAndNowhereElse() throws Exception {
        Files.writeString(directory.resolve("alertmanager.yml"), """
                route: {receiver: deaf, group_wait: 100ms, group_interval: 1s}
                receivers: [{name: deaf, webhook_configs: [{url: 'http://127.0.0.1:1/'}]}]
                """);
        int port = ServerProcess.freePort();
        String self = "127.0.0.1:" + port;
        try (LoopbackServer target = LoopbackServer.start(this::answer)) {
            write("", "", self, target.address());
            try (ServerProcess server = ServerProcess.start(
                    directory,
                    port,
                    "run",
                    "--web.enable-lifecycle",
                    "--config.file=" + directory.resolve("prometheus.yml"),
                    "--alertmanager.config.file=" + directory.resolve("alertmanager.yml"),
                    "--storage.tsdb.path=" + directory.resolve("data"))) {
                await().atMost(ServerProcess.LIMIT)
                        .until(() -> server.value("count_over_time(up{job=\"self\"}[1m]) >= 5") != null);
                // Every metric that an alert asks for is there, so that none is quiet for want of it.
                Set<String> wanted = matches("\\b((?:prometheus|alertmanager)_\\w+)", resource("alerts.yml"));
                Set<String> shown =
                        matches("\n# TYPE (\\w+)", server.get("/metrics").body());
                assertThat(wanted).hasSizeGreaterThan(25);
                assertThat(shown).containsAll(wanted);
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() -> assertThat(firing(server)).isSubsetOf(MACHINE));

                startMs = Long.parseLong(String.valueOf(server.value("max(timestamp(up))"))
                                .replaceFirst("\\..*", ""))
                        * 1000;
                write(BAD_JOBS, BAD_RULES, self, target.address());
                assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
                Set<String> all = matches("alert: (\\w+)", resource("alerts.yml"));
                Set<String> expected = new TreeSet<>(all);
                expected.removeAll(NOT_PROVOKED);
                expected.remove("PrometheusBadConfig");
                expected.remove("AlertmanagerFailedReload");
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() -> assertThat(firing(server)).isEqualTo(expected));

                Files.writeString(directory.resolve("prometheus.yml"), "nonsense: 1");
                assertThat(server.post("/-/reload").statusCode()).isEqualTo(500);
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() ->
                                assertThat(firing(server)).contains("PrometheusBadConfig", "AlertmanagerFailedReload"));
                write("", "", self, target.address());
                assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
                // What is not delivered goes on being tried, and failing.
                await().atMost(ServerProcess.LIMIT).untilAsserted(() -> {
                    Set<String> left = firing(server);
                    left.removeAll(MACHINE);
                    assertThat(left).containsExactly("AlertmanagerFailedToSendAlerts");
                });
            }
        }
    }
}
