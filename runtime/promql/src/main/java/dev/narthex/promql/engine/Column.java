// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One series at all steps of a query: a value for each step, and the set of steps that have one. What stands in the
 * array at another step is of no meaning. A column has one owner, who may change it and gives it on or releases it to
 * the {@link Columns} that it came from.
 *
 * <p>A step may have a native histogram in place of a number. Where no step of a column has one, which is the rule, there
 * is no array of them, and {@link #hasHistograms} says so: whoever works with numbers only looks there first.
 */
final class Column {
    private final double[] values;
    private final long[] present;
    private final int steps;
    private @Nullable FloatHistogram @Nullable [] histograms;
    private boolean withHistograms;
    private Labels labels = Labels.EMPTY;
    private boolean nameDropped;
    private int held;
    private long labelBytes;
    private long histogramBytes;

    /** What the column itself takes, and what holds it: an entry of a list or map, and of the result. */
    private static final int FIXED_BYTES = 256;

    /** What a column of a number of steps takes in memory, without labels and histograms. */
    static long bytes(int steps) {
        return FIXED_BYTES + Long.BYTES * ((long) steps + Presence.words(steps));
    }

    Column(int steps) {
        this.steps = steps;
        this.values = new double[steps];
        this.present = new long[Presence.words(steps)];
    }

    int steps() {
        return steps;
    }

    double[] values() {
        return values;
    }

    /** The steps that have a value, see {@link Presence}. */
    long[] present() {
        return present;
    }

    boolean isEmpty() {
        return Presence.isEmpty(present);
    }

    void set(int step, double value) {
        values[step] = value;
        if (withHistograms && histograms != null) {
            histograms[step] = null;
        }
        Presence.add(present, step);
    }

    void set(int step, FloatHistogram histogram) {
        @Nullable FloatHistogram[] all = histograms;
        if (all == null) {
            all = new FloatHistogram[steps];
            histograms = all;
        }
        withHistograms = true;
        all[step] = histogram;
        Presence.add(present, step);
    }

    /** Sets what another column has at a step of its own, number or histogram. */
    void set(int step, Column other, int otherStep) {
        FloatHistogram histogram = other.histogram(otherStep);
        if (histogram == null) {
            set(step, other.values[otherStep]);
        } else {
            set(step, histogram);
        }
    }

    /** Whether any step may have a histogram. */
    boolean hasHistograms() {
        return withHistograms;
    }

    /** The histogram of a step; null where it has a number, or nothing. */
    @Nullable
    FloatHistogram histogram(int step) {
        return withHistograms && histograms != null && Presence.has(present, step) ? histograms[step] : null;
    }

    /** The column of histograms, null where no step has any; entries of steps that are not there mean nothing. */
    @Nullable
    FloatHistogram @Nullable [] histograms() {
        return withHistograms ? histograms : null;
    }

    /** Takes away the steps that have a histogram; says whether there was one. */
    boolean dropHistograms() {
        boolean dropped = false;
        for (int step = withHistograms ? Presence.next(present, 0) : -1; step >= 0; ) {
            if (histogram(step) != null) {
                Presence.remove(present, step);
                dropped = true;
            }
            step = Presence.next(present, step + 1);
        }
        forgetHistograms();
        return dropped;
    }

    /** Makes all steps numbers, whatever stands in the array of values. */
    void forgetHistograms() {
        if (withHistograms && histograms != null) {
            Arrays.fill(histograms, null);
        }
        withHistograms = false;
    }

    Labels labels() {
        return labels;
    }

    void setLabels(Labels labels) {
        this.labels = labels;
    }

    /** Whether the metric name goes from the result of the query, under delayed name removal. */
    boolean isNameDropped() {
        return nameDropped;
    }

    void setNameDropped(boolean nameDropped) {
        this.nameDropped = nameDropped;
    }

    /** How many samples it was counted with against the query's limit. */
    int held() {
        return held;
    }

    void setHeld(int held) {
        this.held = held;
    }

    /** With how many bytes its labels were counted. */
    long labelBytes() {
        return labelBytes;
    }

    void setLabelBytes(long labelBytes) {
        this.labelBytes = labelBytes;
    }

    /** With how many bytes its histograms were counted. */
    long histogramBytes() {
        return histogramBytes;
    }

    void setHistogramBytes(long histogramBytes) {
        this.histogramBytes = histogramBytes;
    }
}
