// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeTimingTest {
    private static final Target TARGET = target("a:1");

    private static Target target(String address) {
        Labels labels = Labels.of("instance", address);
        URI url = URI.create("http://" + address + "/metrics");
        return new Target(labels, labels, labels, url, Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void hasAFixedPlaceInTheIntervalForATargetAndASeed() {
        long first = ScrapeTiming.firstMs(1_000_000, 10_000, TARGET, 7, 1);
        assertThat(first).isBetween(1_000_001L, 1_010_000L);
        assertThat(ScrapeTiming.firstMs(first - 1, 10_000, TARGET, 7, 1)).isEqualTo(first);
        assertThat(ScrapeTiming.firstMs(first, 10_000, TARGET, 7, 1)).isEqualTo(first + 10_000);
        assertThat(ScrapeTiming.firstMs(1_000_000, 10_000, TARGET, 8, 1)).isNotEqualTo(first);
        assertThat(ScrapeTiming.firstMs(1_000_000, 10_000, target("a:2"), 7, 1)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"15000, 20", "1000, 20", "999, 19", "100, 2", "1, 1"})
    void beginsAtSlotsOfTheIntervalAndLeavesNoneOut(long intervalMs, long slotMs) {
        Set<Long> places = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            long first = ScrapeTiming.firstMs(intervalMs * 1_000_000, intervalMs, target("a:" + i), 7, slotMs);
            assertThat(first % intervalMs % slotMs).isZero();
            places.add(first % intervalMs);
        }
        assertThat(places).hasSize((int) ((intervalMs + slotMs - 1) / slotMs));
    }

    @ParameterizedTest
    @CsvSource({"100000, 110000", "109999, 110000", "110000, 110000", "135000, 130000"})
    void keepsTheRhythmWhenLateAndMakesUpForTheLastThatWasMissed(long nowMs, long nextMs) {
        assertThat(ScrapeTiming.nextMs(100_000, nowMs, 10_000, TARGET, 7, 1)).isEqualTo(nextMs);
    }

    @Test
    void startsAnewAfterAJumpOfTheClock() {
        long back = ScrapeTiming.nextMs(10_000_000, 5_000_000, 10_000, TARGET, 7, 1);
        assertThat(back).isBetween(5_000_001L, 5_010_000L);
        long ahead = ScrapeTiming.nextMs(10_000_000, 90_000_000, 10_000, TARGET, 7, 1);
        assertThat(ahead).isBetween(90_000_001L, 90_010_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "100000, 100002, 10000, 2, 100000",
        "100000, 99998, 10000, 2, 100000",
        "100000, 100003, 10000, 2, 100003",
        "100000, 100001, 50, 2, 100001",
        "100000, 100003, 10000, 5, 100000",
        "100000, 100001, 10000, 0, 100001",
    })
    void roundsTheTimestampOfAPunctualScrape(
            long dueMs, long nowMs, long intervalMs, long toleranceMs, long timestampMs) {
        assertThat(ScrapeTiming.timestampMs(dueMs, nowMs, intervalMs, toleranceMs))
                .isEqualTo(timestampMs);
    }
}
