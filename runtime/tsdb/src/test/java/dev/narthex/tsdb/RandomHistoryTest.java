// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of a TSDB beside a naive model: floats, histograms of all kinds and staleness markers in any order, time that passes, restarts, kills, power cuts and
 * file calls that fail. {@link RandomHistoryIT} has more of them.
 */
@ExtendWith(QuietLog.class)
class RandomHistoryTest {
    private static final int HISTORIES = 250;

    @Test
    void theModelAgreesOnEveryRead() {
        new Lives(Seed.of(RandomHistoryTest.class)).live(0, HISTORIES).assertMuchHappened();
    }

    /** Histories of a seed, and what came up in them. */
    static final class Lives {
        private final Seed seed;
        private int histories;
        private long cuts;
        private long merges;
        private long lateBlocks;
        private long histograms;
        private long lateHistograms;
        private long started;

        Lives(Seed seed) {
            this.seed = seed;
        }

        /** Runs the histories from one number to another, exclusive. */
        Lives live(int from, int to) {
            for (int number = from; number < to; number++) {
                Seed own = seed.forCase(number);
                try {
                    History history = new History(own.random(), HistorySamples.of(own), true);
                    history.live();
                    cuts += history.cuts();
                    merges += history.merges();
                    lateBlocks += history.lateBlocks();
                    started += history.hasStarts() ? 1 : 0;
                    histograms += history.histograms();
                    lateHistograms += history.lateHistograms();
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError("history " + number + " of " + seed + " fails alone with " + own, e);
                }
                histories++;
            }
            return this;
        }

        void assertMuchHappened() {
            assertThat(cuts).as("blocks cut in %s histories", histories).isGreaterThan(histories / 4);
            assertThat(merges).as("blocks merged in %s histories", histories).isPositive();
            assertThat(lateBlocks)
                    .as("blocks of late samples in %s histories", histories)
                    .isGreaterThan(histories / 20);
            assertThat(started)
                    .as("histories with start timestamps of %s", histories)
                    .isGreaterThan(histories / 5);
            assertThat(histograms).as("histograms in %s histories", histories).isGreaterThan(20L * histories);
            assertThat(lateHistograms)
                    .as("histograms that came late in %s histories", histories)
                    .isGreaterThan(3L * histories);
        }
    }

    /**
     * Each found a fault once: deleted samples that came back, ones dropped too soon, a failed transaction that showed, late
     * samples of a series that had gone under the name of a new one.
     */
    @ParameterizedTest
    @ValueSource(
            longs = {
                4359852720769690000L,
                2639222267672840439L,
                -5975510717088804529L,
                608798534543091060L,
                5069950160185418097L
            })
    void theModelAgreesOnHistoriesThatFailedOnce(long seed) throws IOException {
        new History(new Random(seed), HistorySamples.floats(), false).live();
    }

    /**
     * Each found a fault once: a histogram that was said to go on from one that was not read; a failed transaction that came
     * to light in part, since a checkpoint had dropped the names of its series.
     */
    @ParameterizedTest
    @ValueSource(longs = {-1737347034756011687L, 5899042316479005545L})
    void theModelAgreesOnHistoriesOfHistogramsThatFailedOnce(long seed) throws IOException {
        new History(new Random(seed), HistorySamples.of(new Seed(seed)), false).live();
    }
}
