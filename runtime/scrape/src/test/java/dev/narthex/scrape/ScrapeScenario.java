// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appendable;
import dev.narthex.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A scrape manager on manual time, with a fake client and a simple storage. */
final class ScrapeScenario implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final String URL = "http://a:1/metrics";

    final ManualScheduler scheduler = new ManualScheduler();
    final MemoryStorage storage = new MemoryStorage();
    final FakeClient client = new FakeClient();
    final DiscoveryManager discovery =
            new DiscoveryManager(scheduler, new StandardDiscoverers(scheduler, client, "test"));
    final ScrapeManager manager;

    ScrapeScenario() {
        manager = new ScrapeManager(storage, discovery, scheduler, client, ScrapeSettings.of("1.2.3", 4711));
    }

    ScrapeScenario(ScrapeSettings settings) {
        manager = new ScrapeManager(storage, discovery, scheduler, client, settings);
    }

    /** With another storage than {@link #storage}. */
    ScrapeScenario(Appendable other) {
        manager = new ScrapeManager(other, discovery, scheduler, client, ScrapeSettings.of("1.2.3", 4711));
    }

    /** A scrape configuration, to be changed bit by bit. */
    static final class Job {
        private String name = "j";
        private Duration interval = INTERVAL;
        private Map<String, List<String>> params = Map.of();
        private boolean honorLabels;
        private boolean honorTimestamps = true;
        private int sampleLimit;
        private long bodySizeLimitBytes;
        private List<RelabelConfig> relabel = List.of();
        private List<RelabelConfig> metricRelabel = List.of();
        private final List<StaticTargets> targets = new ArrayList<>();

        Job target(String address, String... labels) {
            targets.add(new StaticTargets(List.of(address), Labels.of(labels)));
            return this;
        }

        Job name(String newName) {
            name = newName;
            return this;
        }

        Job interval(Duration newInterval) {
            interval = newInterval;
            return this;
        }

        Job params(Map<String, List<String>> newParams) {
            params = newParams;
            return this;
        }

        Job honorLabels() {
            honorLabels = true;
            return this;
        }

        Job ignoreTimestamps() {
            honorTimestamps = false;
            return this;
        }

        Job sampleLimit(int limit) {
            sampleLimit = limit;
            return this;
        }

        Job bodySizeLimit(long bytes) {
            bodySizeLimitBytes = bytes;
            return this;
        }

        Job relabel(RelabelConfig... steps) {
            relabel = List.of(steps);
            return this;
        }

        Job metricRelabel(RelabelConfig... steps) {
            metricRelabel = List.of(steps);
            return this;
        }

        ScrapeConfig build() {
            List<DiscoveryConfig> discoveries = List.of(new StaticDiscoveryConfig(targets));
            return new ScrapeConfig(
                    name,
                    interval,
                    interval,
                    ScrapeConfig.DEFAULT_METRICS_PATH,
                    ScrapeConfig.DEFAULT_SCHEME,
                    params,
                    honorLabels,
                    honorTimestamps,
                    sampleLimit,
                    bodySizeLimitBytes,
                    discoveries,
                    relabel,
                    metricRelabel);
        }
    }

    static Job job() {
        return new Job();
    }

    ScrapeScenario apply(Job... jobs) {
        List<ScrapeConfig> configs = new ArrayList<>();
        for (Job job : jobs) {
            configs.add(job.build());
        }
        manager.apply(configs, GlobalConfig.DEFAULT);
        return this;
    }

    /** Lets one interval pass, in which each target is scraped once, with this body at {@link #URL}. */
    ScrapeScenario scrape(String body) {
        client.serve(URL, body);
        return pass();
    }

    ScrapeScenario pass() {
        scheduler.advance(INTERVAL);
        if (!scheduler.failures().isEmpty()) {
            throw new AssertionError("a task failed", scheduler.failures().getFirst());
        }
        return this;
    }

    /** The values of a series of target {@code a:1} of job {@code j}. */
    List<String> values(String metric, String... labels) {
        return storage.values(Labels.of(labels).toBuilder()
                .set("__name__", metric)
                .setIfAbsent("instance", "a:1")
                .setIfAbsent("job", "j")
                .build());
    }

    TargetView target() {
        return manager.activeTargets().getFirst();
    }

    @Override
    public void close() {
        manager.close();
        discovery.close();
    }
}
