// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static dev.narthex.scrape.ScrapeScenario.INTERVAL;
import static dev.narthex.scrape.ScrapeScenario.URL;
import static dev.narthex.scrape.ScrapeScenario.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelConfig;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScrapeManagerTest {
    private final ScrapeScenario scenario = new ScrapeScenario();

    @AfterEach
    void close() {
        scenario.close();
    }

    private List<Long> times(String metric) {
        return List.copyOf(scenario.storage
                .samples(Labels.of("__name__", metric, "job", "j", "instance", "a:1"))
                .keySet());
    }

    private void assertEvenTimes(String metric, int count) {
        List<Long> times = times(metric);
        assertThat(times).hasSize(count);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isEqualTo(INTERVAL.toMillis());
        }
    }

    @Test
    void showsTargetsAndWhatWasLeftOut() {
        scenario.apply(
                job().name("x").target("a:1", "zone", "z").target("bad/host:1"),
                job().name("y").target("b:1").relabel(RelabelConfig.keep(List.of("zone"), "q")));
        assertThat(scenario.manager.scrapePools()).containsExactly("x", "y");
        assertThat(scenario.manager.activeTargets()).singleElement().satisfies(target -> {
            assertThat(target.scrapePool()).isEqualTo("x");
            assertThat(target.labels()).isEqualTo(Labels.of("instance", "a:1", "job", "x", "zone", "z"));
            assertThat(target.scrapeUrl()).hasToString(URL);
            assertThat(target.health().text()).isEqualTo("unknown");
            assertThat(target.lastScrape()).isNull();
            assertThat(target.lastError()).isEmpty();
            assertThat(target.scrapeInterval()).isEqualTo(INTERVAL);
        });
        assertThat(scenario.manager.droppedTargets())
                .extracting(target -> target.scrapePool() + " "
                        + target.discoveredLabels().get("__address__") + " " + target.reason())
                .containsExactly("x bad/host:1 \"bad/host:1\" is not a valid hostname", "y b:1 ");
    }

    @Test
    void showsHowAScrapeWent() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n");
        TargetView target = scenario.target();
        assertThat(target.health().text()).isEqualTo("up");
        assertThat(target.samples()).isEqualTo(2);
        assertThat(target.downSince()).isNull();
        assertThat(target.lastScrape()).isNotNull();
    }

    @Test
    void countsTheSamplesThatRelabellingLeaves() {
        RelabelConfig keepA = RelabelConfig.keep(List.of("__name__"), "a");
        scenario.apply(job().target("a:1").metricRelabel(keepA)).scrape("a 1\nb 2\n");
        assertThat(scenario.target().samples()).isEqualTo(1);
    }

    @Test
    void tellsSinceWhenATargetIsDown() {
        scenario.apply(job().target("a:1"));
        scenario.client.fail(URL, "connect: connection refused");
        scenario.pass();
        TargetView first = scenario.target();
        assertThat(first.downSince()).isNotNull().isEqualTo(first.lastScrape());
        scenario.pass();
        TargetView second = scenario.target();
        assertThat(second.lastScrape()).isAfter(first.lastScrape());
        assertThat(second.downSince()).isEqualTo(first.downSince());
        scenario.scrape("a 1\n");
        assertThat(scenario.target().downSince()).isNull();
    }

    @Test
    void leavesTheSameConfigurationUndisturbed() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        int lookups = scenario.storage.lookups();
        for (int i = 0; i < 3; i++) {
            scenario.scheduler.advance(Duration.ofSeconds(4));
            scenario.apply(job().target("a:1"), job().name("other" + i).target("b:1"));
        }
        scenario.pass();
        assertEvenTimes("a", 3);
        assertThat(scenario.values("scrape_series_added")).containsExactly("1", "0", "0");
        // Those of the other jobs' report series only.
        assertThat(scenario.storage.lookups() - lookups).isLessThanOrEqualTo(15);
    }

    @Test
    void keepsTargetsThatAnotherConfigurationStillHas() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 1\n");
        scenario.client.serve("http://c:1/metrics", "c 1\n");
        scenario.apply(job().target("a:1")
                .target("c:1")
                .metricRelabel(RelabelConfig.keep(List.of("__name__"), "a|c|up|scrape.*")));
        scenario.pass().pass();
        assertEvenTimes("a", 3);
        assertThat(scenario.values("b")).containsExactly("1", "stale");
    }

    @Test
    void takesUpAnotherIntervalWithoutAGap() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.apply(job().target("a:1").interval(Duration.ofSeconds(2)));
        scenario.pass();
        assertThat(scenario.values("a")).hasSizeBetween(5, 7).containsOnly("1");
        scenario.pass().pass().pass();
        assertThat(scenario.values("a")).containsOnly("1");
        assertThat(scenario.manager.activeTargets()).hasSize(1);
        assertThat(scenario.target().scrapeInterval()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void endsAJobThatIsNoLongerThere() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.apply();
        scenario.pass().pass().pass();
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.manager.scrapePools()).isEmpty();
        assertThat(scenario.scheduler.pending()).isZero();
    }

    @Test
    void scrapesATargetThatIsFoundTwiceOnce() {
        scenario.apply(job().target("a:1").target("a:1", "__meta_source", "other"))
                .scrape("a 1\n");
        assertThat(scenario.manager.activeTargets()).hasSize(1);
        assertThat(scenario.client.requests()).hasSize(1);
    }

    @Test
    void spreadsScrapesOverTheInterval() {
        ScrapeScenario.Job job = job();
        for (int i = 0; i < 200; i++) {
            job.target("a:" + (1 + i));
        }
        scenario.apply(job);
        int[] tenths = new int[10];
        for (int i = 0; i < 10; i++) {
            int before = scenario.client.requests().size();
            scenario.scheduler.advance(INTERVAL.dividedBy(10));
            tenths[i] = scenario.client.requests().size() - before;
        }
        assertThat(Arrays.stream(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(5, 45));
        assertThat(scenario.client.requests()).hasSize(200);
    }

    @Test
    void writesItsMetrics() {
        scenario.apply(job().target("a:1").sampleLimit(1)).scrape("a 1\nb 2\n").scrape("a 1\na 2\n");
        ExpositionWriter out = new ExpositionWriter();
        scenario.manager.writeMetrics(out);
        assertThat(out.toString())
                .contains("prometheus_target_scrapes_exceeded_sample_limit_total 1\n")
                .contains("prometheus_target_scrapes_sample_duplicate_timestamp_total 1\n")
                .contains("prometheus_target_scrape_pool_targets{scrape_job=\"j\"} 1\n")
                .contains("prometheus_target_interval_length_seconds_sum{interval=\"10s\"} 10\n")
                .contains("prometheus_target_interval_length_seconds_count{interval=\"10s\"} 1\n")
                .contains("prometheus_target_sync_failed_total{scrape_job=\"j\"} 0\n");
    }
}
