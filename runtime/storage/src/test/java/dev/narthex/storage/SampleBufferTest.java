// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.StalenessMarker;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleBufferTest {
    private final SampleBuffer buffer = new SampleBuffer();

    @Test
    void histogramsStandBetweenFloats() {
        buffer.add(1, 1.5);
        buffer.add(2, histogram(4));
        buffer.add(3, 2.5);

        assertThat(buffer.hasHistograms()).isTrue();
        assertThat(buffer.histogram(0)).isNull();
        assertThat(buffer.histogram(1)).isEqualTo(histogram(4));
        assertThat(buffer.value(1)).isEqualTo(4);
        assertThat(buffer.histogram(2)).isNull();
    }

    @Test
    void staleHistogramIsStaleInTheColumnOfValues() {
        buffer.add(1, histogram(StalenessMarker.VALUE));

        assertThat(StalenessMarker.is(buffer.value(0))).isTrue();
    }

    @Test
    void growthKeepsAllColumns() {
        buffer.add(1, histogram(7));
        buffer.startTimestamp(100);
        for (int i = 0; i < 1000; i++) {
            buffer.add(i + 2, i);
        }

        assertThat(buffer.histogram(0)).isEqualTo(histogram(7));
        assertThat(buffer.startTimestampMs(0)).isEqualTo(100);
        assertThat(buffer.histogram(1000)).isNull();
        assertThat(buffer.startTimestampMs(1000)).isZero();
        assertThat(buffer.value(1000)).isEqualTo(999);
    }

    @Test
    void asksBeforeItGrows() {
        SampleBuffer limited = new SampleBuffer((buffer, capacity) -> {
            assertThat(capacity).isGreaterThan(buffer.capacity());
            if (capacity > 1000) {
                throw new IllegalStateException(capacity + " samples");
            }
        });
        limited.reserve(300);
        limited.add(1, 2);

        assertThatIllegalStateException()
                .isThrownBy(() -> limited.reserve(2000))
                .withMessage("2001 samples");
        assertThat(limited.size()).isEqualTo(1);
        assertThat(limited.value(0)).isEqualTo(2);
    }

    @Test
    void asksBeforeEachPieceThatItCopies() {
        int size = 5 * SampleBuffer.PIECE;
        int[] pieces = new int[1];
        SampleBuffer asking = new SampleBuffer(new SampleBuffer.Growth() {
            @Override
            public void grow(SampleBuffer buffer, int capacity) {
                // As it likes.
            }

            @Override
            public void fill(int samples) {
                assertThat(samples).isLessThanOrEqualTo(size);
                if (samples == SampleBuffer.PIECE && ++pieces[0] == 8) {
                    throw new IllegalStateException("enough");
                }
            }
        });
        asking.reserve(size);
        asking.setSize(size);
        asking.values()[size - 1] = 3;

        assertThatIllegalStateException().isThrownBy(() -> asking.reserve(1));
        assertThat(asking.size()).isEqualTo(size);
        assertThat(asking.capacity()).isEqualTo(size);

        asking.reserve(1);
        assertThat(pieces[0]).isEqualTo(8 + 2 * 5);
        assertThat(asking.value(size - 1)).isEqualTo(3);
    }

    @Test
    void clearForgetsHistogramsAndStartTimestamps() {
        buffer.add(1, histogram(7));
        buffer.startTimestamp(100);

        buffer.clear();
        buffer.add(1, 1);

        assertThat(buffer.hasHistograms()).isFalse();
        assertThat(buffer.hasStartTimestamps()).isFalse();
        buffer.histogramsForWriting();
        assertThat(buffer.histogram(0)).isNull();
    }

    private static FloatHistogram histogram(double sum) {
        HistogramLayout layout = HistogramLayout.exponential(0, 0.001, List.of(), List.of());
        return new FloatHistogram(CounterResetHint.UNKNOWN, layout, 1, 1, sum, new double[0], new double[0]);
    }
}
