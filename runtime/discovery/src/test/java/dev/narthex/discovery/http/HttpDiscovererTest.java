// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.Secret;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.RefreshLoop;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpDiscovererTest {
    private static final String URL = "http://sd/targets";
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final DiscoveryMetrics metrics = new DiscoveryMetrics();
    private final List<List<TargetGroup>> updates = new ArrayList<>();
    private final List<HttpCall> calls = new ArrayList<>();
    private int status = 200;
    private String contentType = "application/json; charset=utf-8";
    private String text = "";
    private boolean failing;

    private final HttpFetcher server = (call, into) -> {
        calls.add(call);
        if (failing) {
            throw new IOException("connection refused");
        }
        into.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return new HttpAnswer(status, contentType, "");
    };
    private final RefreshLoop discoverer = HttpDiscoverer.discoverer(
            new HttpDiscoveryConfig(new Secret(URL), INTERVAL, HttpClientConfig.DEFAULT),
            "j",
            scheduler,
            server,
            metrics,
            "test/1");

    @AfterEach
    void close() {
        discoverer.close();
    }

    private void start(String answer) {
        text = answer;
        discoverer.start(updates::add);
        scheduler.advance(Duration.ZERO);
    }

    @Test
    void asksWithThePasswordOfTheUrlAndDoesNotShowIt() {
        String url = "http://u:hush@sd/targets";
        text = "[{\"targets\": [\"a:1\"]}]";
        try (RefreshLoop asking = HttpDiscoverer.discoverer(
                new HttpDiscoveryConfig(new Secret(url), INTERVAL, HttpClientConfig.DEFAULT),
                "j",
                scheduler,
                server,
                metrics,
                "test/1")) {
            asking.start(updates::add);
            scheduler.advance(Duration.ZERO);
        }
        assertThat(calls.getFirst().uri()).hasToString(url);
        assertThat(updates.getFirst().getFirst().labels().getOrEmpty("__meta_url"))
                .isEqualTo("http://u:xxxxx@sd/targets");
    }

    @Test
    void sendsTheGroupsOfTheServer() {
        start("[{\"targets\": [\"a:1\"], \"labels\": {\"__meta_x\": \"y\"}}, {\"targets\": [\"b:1\", \"c:1\"]}]");
        assertThat(updates.getFirst()).hasSize(2);
        assertThat(updates.getFirst().getFirst())
                .hasToString("TargetGroup[source=http://sd/targets:0, labels={__meta_url=\"http://sd/targets\","
                        + " __meta_x=\"y\"}, targets=[{__address__=\"a:1\"}]]");
        assertThat(calls.getFirst().headers())
                .containsEntry("Accept", "application/json")
                .containsEntry("X-Prometheus-Refresh-Interval-Seconds", "30")
                .containsEntry("User-Agent", "test/1");
        assertThat(calls.getFirst().timeout()).isEqualTo(INTERVAL);
        text = "[{\"targets\": [\"d:1\"]}]";
        scheduler.advance(INTERVAL);
        assertThat(updates).hasSize(2);
        assertThat(updates.getLast()).contains(TargetGroup.gone(URL + ":1"));
        assertThat(metrics.refreshes("http", "j").durations.count()).isEqualTo(2);
    }

    @Test
    void keepsTheLastTargetsWhileTheServerFails() {
        start("[{\"targets\": [\"a:1\"]}]");
        failing = true;
        scheduler.advance(INTERVAL);
        failing = false;
        status = 500;
        scheduler.advance(INTERVAL);
        status = 200;
        contentType = "text/plain";
        scheduler.advance(INTERVAL);
        contentType = "application/json";
        for (String bad : List.of("", "{", "[null]", "{\"targets\": []}", "[{\"targets\": [7]}]")) {
            text = bad;
            scheduler.advance(INTERVAL);
        }
        assertThat(updates).hasSize(1);
        assertThat(metrics.httpFailures.sum()).isEqualTo(8);
        assertThat(metrics.refreshes("http", "j").failures.sum()).isEqualTo(8);
        text = "null";
        scheduler.advance(INTERVAL);
        assertThat(updates.getLast()).containsExactly(TargetGroup.gone(URL + ":0"));
    }
}
