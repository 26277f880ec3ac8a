// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import java.util.List;

/** The zeros that stand at the start of what histograms count ("Native Histograms", created timestamp handling). */
final class ZeroHistograms {
    private ZeroHistograms() {}

    /** A histogram without observations, of the same kind and scale as the one that follows it. */
    static NativeHistogram before(NativeHistogram histogram) {
        HistogramLayout of = histogram.layout();
        HistogramLayout layout =
                new HistogramLayout(of.schema(), of.zeroThreshold(), List.of(), List.of(), of.customValues());
        return switch (histogram) {
            case IntegerHistogram _ ->
                new IntegerHistogram(CounterResetHint.RESET, layout, 0, 0, 0, new long[0], new long[0]);
            case FloatHistogram _ ->
                new FloatHistogram(CounterResetHint.RESET, layout, 0, 0, 0, new double[0], new double[0]);
        };
    }
}
