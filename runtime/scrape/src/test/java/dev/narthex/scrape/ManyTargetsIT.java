// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.TlsConfig;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.http.TestCertificate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of targets with a connection each, and a few hundred by TLS: all are scraped at their times by a few threads. */
class ManyTargetsIT {
    private static final int PLAIN = 2500;
    private static final int SECURE = 250;
    private static final int MAX_THREADS = 40;
    /** For machines with much else to do. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final LoopbackHandler ANSWER =
            (_, out) -> LoopbackServer.respond(out, "text/plain", "a 1\nb 2\n".getBytes(StandardCharsets.US_ASCII));

    private static StaticDiscoveryConfig targets(LoopbackServer server, int count) {
        List<StaticTargets> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(new StaticTargets(
                    List.of(server.address()),
                    Labels.of("instance", Integer.toString(i), "__metrics_path__", "/" + i)));
        }
        return new StaticDiscoveryConfig(targets);
    }

    @Test
    void scrapesThousandsOfTargetsByFewThreadsAndMissesNone(@TempDir Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.make(directory, "many", "ip:127.0.0.1");
        TlsConfig tls = new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
        HttpClientConfig http = new HttpClientConfig(null, null, null, tls, ProxyConfig.NONE, true, true, Map.of());
        MemoryStorage storage = new MemoryStorage();
        ManagementFactory.getThreadMXBean().resetPeakThreadCount();
        try (LoopbackServer plain = LoopbackServer.start(ANSWER);
                LoopbackServer secure = LoopbackServer.startTls(certificate.context(), false, ANSWER);
                SystemScheduler scheduler = new SystemScheduler("many");
                HttpLoop loop = new HttpLoop("many", scheduler);
                HttpFetchers client = new HttpFetchers(loop, Map.of());
                DiscoveryManager discovery =
                        new DiscoveryManager(scheduler, new StandardDiscoverers(scheduler, client, "test"));
                ScrapeManager manager =
                        new ScrapeManager(storage, discovery, loop, client, ScrapeSettings.of("many", 42))) {
            GlobalConfig global = new GlobalConfig(INTERVAL, INTERVAL, INTERVAL, Labels.EMPTY);
            manager.apply(
                    List.of(
                            ScrapeConfig.of("plain", global).withDiscovery(targets(plain, PLAIN)),
                            ScrapeConfig.of("secure", global).toBuilder()
                                    .scheme("https")
                                    .httpClient(http)
                                    .discoveries(List.of(targets(secure, SECURE)))
                                    .build()),
                    global);
            await().atMost(Duration.ofSeconds(90)).until(() -> storage.commits() >= 3 * (PLAIN + SECURE));
            assertThat(ManagementFactory.getThreadMXBean().getPeakThreadCount()).isLessThan(MAX_THREADS);
            assertThat(plain.connections()).isEqualTo(PLAIN);
            assertThat(secure.connections()).isBetween(1, SECURE);
        }
        int targets = 0;
        long slackMs = INTERVAL.toMillis() / 2;
        for (Labels labels : storage.series()) {
            if (labels.metricName().equals("up")) {
                targets++;
                assertThat(storage.values(labels)).as(labels.toString()).containsOnly("1");
                long[] times = storage.samples(labels).keySet().stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray();
                for (int i = 1; i < times.length; i++) {
                    assertThat(times[i] - times[i - 1])
                            .as(labels.toString())
                            .isBetween(INTERVAL.toMillis() - slackMs, INTERVAL.toMillis() + slackMs);
                }
            }
        }
        assertThat(targets).isEqualTo(PLAIN + SECURE);
    }
}
