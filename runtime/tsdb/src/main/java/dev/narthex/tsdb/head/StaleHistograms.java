// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import java.util.List;

/** Staleness markers that fit chunks of histograms, so that the end of a series does not begin a chunk of floats. */
final class StaleHistograms {
    private static final HistogramLayout LAYOUT = HistogramLayout.exponential(0, 0, List.of(), List.of());
    private static final NativeHistogram INTEGER = new IntegerHistogram(
            CounterResetHint.UNKNOWN, LAYOUT, 0, 0, StalenessMarker.VALUE, new long[0], new long[0]);
    private static final NativeHistogram FLOAT = new FloatHistogram(
            CounterResetHint.UNKNOWN, LAYOUT, 0, 0, StalenessMarker.VALUE, new double[0], new double[0]);

    private StaleHistograms() {}

    /** The marker for the kind of histograms that the open chunk of a series has. */
    static NativeHistogram markerFor(long[] fields, int base) {
        return OpenHistograms.isFloatHistograms(fields, base) ? FLOAT : INTEGER;
    }
}
