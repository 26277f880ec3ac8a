// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a random history: a float, or a histogram.
 *
 * @param text what is read of it, the same for staleness markers of all kinds
 */
record HistoryValue(double number, @Nullable NativeHistogram histogram, String text) {
    static HistoryValue of(double number) {
        return new HistoryValue(number, null, TsdbFixture.text(number));
    }

    static HistoryValue of(NativeHistogram histogram) {
        return new HistoryValue(0, histogram, HistogramMeaning.digest(histogram));
    }

    /**
     * Appends it.
     *
     * @param startMs its start timestamp, 0 for none
     */
    AppendResult append(Appender appender, long ref, long timestampMs, long startMs) {
        if (startMs != 0) {
            assertThat(appender.startTimestamp(ref, timestampMs, startMs, histogram != null))
                    .isEqualTo(AppendResult.ACCEPTED);
        }
        return histogram == null
                ? appender.append(ref, timestampMs, number)
                : appender.append(ref, timestampMs, histogram);
    }

    /** Whether both say the same. */
    boolean isSame(HistoryValue other) {
        return text.equals(other.text);
    }

    private boolean isStale() {
        return histogram == null ? StalenessMarker.is(number) : histogram.isStale();
    }

    /** What may be answered to this one at the time of another. */
    Set<AppendResult> answersAfter(HistoryValue there) {
        if (!isSame(there)) {
            return Set.of(AppendResult.DUPLICATE);
        }
        // The markers of floats and of both kinds of histograms differ, and so do spans that cover the same buckets.
        boolean exact = histogram == null && there.histogram == null && !isStale();
        return exact ? Set.of(AppendResult.ACCEPTED) : Set.of(AppendResult.ACCEPTED, AppendResult.DUPLICATE);
    }

    @Override
    public String toString() {
        return text;
    }
}
