// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramMean;
import dev.narthex.model.HistogramSum;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import org.jspecify.annotations.Nullable;

/**
 * The sum or the average of a group in which there may be native histograms. A step with floats and histograms gives
 * nothing, and one with exponential and custom buckets neither. As long as there are floats only, it costs nothing.
 */
final class HistogramGroup extends GroupAccumulator {
    /** How many times the size of a histogram a sum of histograms takes: what it works with and what comes out. */
    private static final int SUMS = 3;

    private final GroupAccumulator floats;
    private final int steps;
    private final boolean mean;
    private final Annotator annotator;
    private final QueryMemory.Share memory;
    private @Nullable Histograms histograms;
    private long @Nullable [] floatsSeen;

    HistogramGroup(GroupAccumulator floats, int steps, boolean mean, Annotator annotator, QueryMemory.Share memory) {
        this.memory = memory;
        this.floats = floats;
        this.steps = steps;
        this.mean = mean;
        this.annotator = annotator;
    }

    /** The histograms of each step, and the steps that give nothing. */
    private static final class Histograms {
        private final @Nullable HistogramSum[] sums;
        private final @Nullable HistogramMean[] means;
        private final long[] seen;
        private final long[] incompatible;

        Histograms(int steps, boolean mean) {
            sums = new HistogramSum[mean ? 0 : steps];
            means = new HistogramMean[mean ? steps : 0];
            seen = new long[Presence.words(steps)];
            incompatible = new long[Presence.words(steps)];
        }
    }

    @Override
    void accumulate(Column column) {
        Histograms all = histograms;
        if (!column.hasHistograms() && all == null) {
            floats.accumulate(column);
            noteFloats(column.present());
            return;
        }
        if (all == null) {
            memory.take((long) steps * Long.BYTES);
            all = new Histograms(steps, mean);
            histograms = all;
        }
        long[] numbers = column.present().clone();
        Presence.subtract(numbers, all.incompatible);
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            FloatHistogram histogram = column.histogram(step);
            if (histogram != null) {
                Presence.remove(numbers, step);
                if (!Presence.has(all.incompatible, step)) {
                    add(all, step, histogram, column);
                }
            }
            step = Presence.next(column.present(), step + 1);
        }
        floats.accumulate(column.values(), numbers);
        noteFloats(numbers);
    }

    private void noteFloats(long[] present) {
        long[] before = floatsSeen;
        if (before == null) {
            floatsSeen = present.clone();
        } else {
            Presence.union(before, present);
        }
    }

    private void add(Histograms all, int step, FloatHistogram histogram, Column column) {
        if (!Presence.has(all.seen, step)) {
            Presence.add(all.seen, step);
            if (floatsSeen != null && Presence.has(floatsSeen, step)) {
                // There is no result anyway, so that nothing more is said about the histograms.
                return;
            }
            memory.take(SUMS * QueryMemory.bytes(histogram));
            if (mean) {
                all.means[step] = new HistogramMean();
            } else {
                all.sums[step] = new HistogramSum();
            }
        }
        HistogramSum sum = mean ? null : all.sums[step];
        HistogramMean average = mean ? all.means[step] : null;
        boolean compatible =
                (sum == null || sum.isCompatible(histogram)) && (average == null || average.isCompatible(histogram));
        if (!compatible) {
            Presence.add(all.incompatible, step);
            HistogramNotes.mixedBuckets(annotator, column.labels());
        } else if (sum != null) {
            sum.add(histogram);
        } else if (average != null) {
            average.add(histogram);
        }
    }

    @Override
    void accumulate(double[] values, long[] present) {
        floats.accumulate(values, present);
    }

    @Override
    void result(double[] values, long[] present) {
        floats.result(values, present);
    }

    @Override
    void result(Column into) {
        floats.result(into);
        Histograms all = histograms;
        if (all == null) {
            return;
        }
        for (int step = Presence.next(all.seen, 0); step >= 0; step = Presence.next(all.seen, step + 1)) {
            boolean mixed = Presence.has(into.present(), step);
            boolean incompatible = Presence.has(all.incompatible, step);
            Presence.remove(into.present(), step);
            if (mixed) {
                HistogramNotes.mixedWithFloats(annotator);
            }
            FloatHistogram result = mean ? average(all.means[step], incompatible) : sum(all.sums[step], incompatible);
            if (result != null && !mixed && !incompatible) {
                into.set(step, result);
            }
        }
    }

    private @Nullable FloatHistogram sum(@Nullable HistogramSum sum, boolean incompatible) {
        if (sum == null) {
            return null;
        }
        note(sum.isBoundsReconciled(), sum.isResetsConflict() && !incompatible);
        return sum.result(1).compact();
    }

    private @Nullable FloatHistogram average(@Nullable HistogramMean average, boolean incompatible) {
        if (average == null) {
            return null;
        }
        note(average.isBoundsReconciled(), average.isResetsConflict() && !incompatible);
        return average.result().compact();
    }

    private void note(boolean boundsReconciled, boolean resetsConflict) {
        if (boundsReconciled) {
            HistogramNotes.boundsReconciled(annotator, "aggregation");
        }
        if (resetsConflict) {
            HistogramNotes.resetsConflict(annotator, "aggregation");
        }
    }
}
