// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.file.ConfigLoader;
import dev.narthex.memory.LocalFiles;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same alerts go to a real Alertmanager and to ours, both with the same configuration: each group of each receiver
 * gets the same bodies in the same order, times apart, and at about the same time.
 */
class AlertmanagerPeerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How far apart the deliveries of both may be on a loaded machine; their timers are one and three seconds. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final Duration HALF_INTERVAL = Duration.ofMillis(1500);
    private static final String EXTERNAL_URL = "http://am.example:9093";
    private static final Pattern TIME = Pattern.compile("\"(startsAt|endsAt)\":\"2[^\"]*Z\"");
    private static final Pattern GROUP_KEY = Pattern.compile("\"groupKey\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String CONFIG = """
            global: {resolve_timeout: 10m}
            route:
              receiver: hook
              group_by: [alertname, 'strange "name"']
              group_wait: 1s
              group_interval: 3s
              repeat_interval: 7s
              routes:
              - matchers: ['team=~"a|b"', 'severity="page"', 'env!="te\\\\st\\"é\\n"']
                receiver: page
                continue: true
                group_by: ['...']
              - matchers: ['x!="",y!~"q.*"']
                group_by: []
                repeat_interval: 1h
                routes:
                - matchers: ['z="1"']
                  receiver: few
                - matchers: ['z="2"']
                  receiver: silent
            receivers:
            - name: hook
              webhook_configs: [{url: 'COLLECTOR/hook'}]
            - name: page
              webhook_configs: [{url: 'COLLECTOR/page', send_resolved: false}]
            - name: few
              webhook_configs: [{url: 'COLLECTOR/few', max_alerts: 1}, {url: 'COLLECTOR/all'}]
            - name: silent
            """;

    @TempDir
    private Path directory;

    @Test
    void sendsWhatARealAlertmanagerSends() throws Exception {
        try (Collector collector = new Collector();
                PeerProcess peer = PeerProcess.alertmanager(
                        config(collector, "peer"), directory, "--web.external-url=" + EXTERNAL_URL);
                SystemScheduler scheduler = new SystemScheduler("alerting");
                JdkHttpPoster http = new JdkHttpPoster("Narthex/test");
                Alerting ours = new Alerting(new AlertingOptions(
                        EXTERNAL_URL, http, scheduler, new LocalFiles(), directory.resolve("ours")))) {
            ours.apply(new ConfigLoader(_ -> "").alertmanager(config(collector, "ours"), "alertmanager.yml"));
            Scenario scenario = new Scenario(collector, peer, ours, scheduler);
            Instant start = scheduler.clock().instant();
            scenario.post(alerts(start, null));
            scenario.expect("first notification", "/hook", "/page", "/few", "/all");
            scenario.betweenFlushes();
            scenario.post(List.of(alert(start, null, "alertname", "Disk", "instance", "b", "job", "z")));
            scenario.expect("new alerts added", "/hook");
            scenario.betweenFlushes();
            Instant end = scheduler.clock().instant();
            scenario.post(List.of(alert(start, end, "alertname", "Disk", "instance", "b", "job", "z")));
            scenario.expect("some alerts resolved", "/hook");
            scenario.expect("repeat interval elapsed", "/hook", "/page");
            scenario.betweenFlushes();
            scenario.post(alerts(start, scheduler.clock().instant()));
            scenario.expect("all alerts resolved", "/hook", "/few", "/all");
            scenario.assertEqual();
        }
    }

    private static String config(Collector collector, String path) {
        return CONFIG.replace("COLLECTOR", collector.url() + "/" + path);
    }

    private static List<PostedAlert> alerts(Instant startsAt, @Nullable Instant endsAt) {
        return List.of(
                alert(startsAt, endsAt, "alertname", "Disk", "instance", "a", "job", "y"),
                alert(
                        startsAt,
                        endsAt,
                        "alertname",
                        "Disk",
                        "instance",
                        "a",
                        "job",
                        "z",
                        "more",
                        "<&>\u2028\u0001\t\"\\"),
                alert(
                        startsAt,
                        endsAt,
                        "alertname",
                        "Odd",
                        "strange \"name\"",
                        "ü\"q",
                        "severity",
                        "page",
                        "team",
                        "a"),
                alert(startsAt, endsAt, "alertname", "X", "x", "1", "z", "1"),
                alert(startsAt, endsAt, "alertname", "W", "x", "1", "z", "1", "a", "1"),
                alert(startsAt, endsAt, "alertname", "Silent", "x", "1", "z", "2"));
    }

    private static PostedAlert alert(Instant startsAt, @Nullable Instant endsAt, String... labels) {
        Labels annotations = Labels.of("summary", "same", "description", "of " + labels[1] + " in " + labels[3]);
        return new PostedAlert(Labels.of(labels), annotations, startsAt, endsAt, "http://prom.example/graph?a=1&b=2");
    }

    /** Drives both with the same alerts. */
    private static final class Scenario {
        private final Collector collector;
        private final PeerProcess peer;
        private final Alerting ours;
        private final SystemScheduler scheduler;
        private final HttpClient http = HttpClient.newHttpClient();

        Scenario(Collector collector, PeerProcess peer, Alerting ours, SystemScheduler scheduler) {
            this.scheduler = scheduler;
            this.collector = collector;
            this.peer = peer;
            this.ours = ours;
        }

        void post(List<PostedAlert> alerts) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create(peer.uri() + "/api/v2/alerts"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json(alerts)))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(ours.post(alerts)).isEmpty();
        }

        /**
         * Waits for half a group interval after a notification, so that what comes next falls between the same two
         * flushes on both sides, however late one of them is.
         */
        void betweenFlushes() throws InterruptedException {
            CountDownLatch waiting = new CountDownLatch(1);
            scheduler.schedule(HALF_INTERVAL, waiting::countDown);
            waiting.await();
        }

        /** Waits until both sides have sent a notification for a reason to each of the paths. */
        void expect(String reason, String... paths) {
            for (String path : paths) {
                for (String side : List.of("/peer", "/ours")) {
                    await(side + path + " " + reason)
                            .atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> collector.below(side + path).stream()
                                    .anyMatch(
                                            one -> one.body().contains("\"notification_reason\":\"" + reason + "\"")));
                }
            }
        }

        void assertEqual() {
            Map<String, List<Collector.Received>> theirs = groups("/peer");
            Map<String, List<Collector.Received>> own = groups("/ours");
            assertThat(own.keySet()).isEqualTo(theirs.keySet());
            theirs.forEach((group, expected) -> {
                List<Collector.Received> actual = own.getOrDefault(group, List.of());
                assertThat(actual)
                        .as(group)
                        .extracting(one -> comparable(one.body()))
                        .containsExactlyElementsOf(expected.stream()
                                .map(one -> comparable(one.body()))
                                .toList());
                for (int i = 0; i < actual.size(); i++) {
                    assertThat(actual.get(i).contentType())
                            .isEqualTo(expected.get(i).contentType());
                    assertThat(Duration.ofNanos(actual.get(i).atNanos()
                                            - expected.get(i).atNanos())
                                    .abs())
                            .as("%s, notification %d", group, i)
                            .isLessThan(TOLERANCE);
                }
            });
        }

        private Map<String, List<Collector.Received>> groups(String side) {
            Map<String, List<Collector.Received>> groups = new TreeMap<>();
            for (Collector.Received one : collector.below(side)) {
                Matcher key = GROUP_KEY.matcher(one.body());
                assertThat(key.find()).as(one.body()).isTrue();
                String group = one.path().substring(side.length()) + " " + key.group(1);
                groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(one);
            }
            return groups;
        }

        private static String comparable(String body) {
            return TIME.matcher(body).replaceAll("\"$1\":\"TIME\"");
        }

        private static String json(List<PostedAlert> alerts) {
            JsonText json = new JsonText().raw("[");
            String separator = "{";
            for (PostedAlert alert : alerts) {
                json.raw(separator).member("labels", alert.labels()).member("annotations", alert.annotations());
                json.member("generatorURL", alert.generatorUrl());
                if (alert.startsAt() != null) {
                    json.member("startsAt", JsonText.time(alert.startsAt()));
                }
                if (alert.endsAt() != null) {
                    json.member("endsAt", JsonText.time(alert.endsAt()));
                }
                json.raw("}");
                separator = ",{";
            }
            return json.raw("]").toString();
        }
    }
}
