// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeSlotsTest {
    private final ScrapeSlots slots = new ScrapeSlots();

    @ParameterizedTest
    @CsvSource({"15000, 20", "1000, 20", "999, 19", "100, 2", "20, 1", "1, 1"})
    void areLongWhereThereAreFewScrapesAndShortInShortIntervals(long intervalMs, long slotMs) {
        assertThat(slots.enter(intervalMs)).isEqualTo(slotMs);
    }

    @Test
    void becomeShorterWithEachScrapeASecond() {
        long[] at = new long[2001];
        for (int i = 1; i < at.length; i++) {
            at[i] = slots.enter(1000);
        }
        assertThat(at[200]).isEqualTo(20);
        assertThat(at[400]).isEqualTo(10);
        assertThat(at[1000]).isEqualTo(4);
        assertThat(at[2000]).isEqualTo(2);
    }

    @Test
    void areLongAgainWhereTargetsHaveGone() {
        for (int i = 0; i < 1000; i++) {
            slots.enter(1000);
        }
        for (int i = 0; i < 900; i++) {
            slots.leave(1000);
        }
        assertThat(slots.enter(1000)).isEqualTo(20);
    }

    @Test
    void countByTheirIntervals() {
        for (int i = 0; i < 6000; i++) {
            slots.enter(30_000);
        }
        assertThat(slots.enter(30_000)).isEqualTo(19);
        assertThat(slots.enter(15_000)).isEqualTo(19);
    }
}
