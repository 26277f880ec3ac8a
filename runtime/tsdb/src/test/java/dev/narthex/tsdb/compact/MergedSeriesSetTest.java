// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedSeriesSetTest {
    /** The range began within the chunk of the second part, behind the one that its first sample was compared with. */
    @Test
    void aHistogramBehindThatOfAnotherPartDoesNotSayThatItsCounterWasNotReset() {
        SeriesSet early = new OneSample(1, 9);
        SeriesSet later = new OneSample(2, 3);
        MergedSeriesSet merged = new MergedSeriesSet(List.of(early, later));
        assertThat(merged.next()).isTrue();
        SampleBuffer samples = new SampleBuffer();
        merged.samples(samples);
        assertThat(samples.size()).isEqualTo(2);
        assertThat(samples.histogram(1)).isInstanceOfSatisfying(IntegerHistogram.class, histogram -> {
            assertThat(histogram.count()).isEqualTo(3);
            assertThat(histogram.counterResetHint()).isEqualTo(CounterResetHint.UNKNOWN);
        });
    }

    /** A histogram that goes on from one which is not in the range. */
    private static final class OneSample implements SeriesSet {
        private final long timestampMs;
        private final long count;
        private boolean read;

        OneSample(long timestampMs, long count) {
            this.timestampMs = timestampMs;
            this.count = count;
        }

        @Override
        public boolean next() {
            boolean first = !read;
            read = true;
            return first;
        }

        @Override
        public Labels labels() {
            return Labels.of("__name__", "h");
        }

        @Override
        public void samples(SampleBuffer into) {
            into.add(
                    timestampMs,
                    new IntegerHistogram(
                            CounterResetHint.NOT_RESET,
                            HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of()),
                            count,
                            0,
                            count,
                            new long[] {count},
                            new long[0]));
        }
    }
}
