// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;

/** Moves samples within and between buffers, with all their columns. */
public final class SampleMerge {
    private SampleMerge() {}

    /** Copies a sample onto another entry of the same buffer. */
    static void move(SampleBuffer samples, int from, int to) {
        samples.timestampsMs()[to] = samples.timestampMs(from);
        samples.values()[to] = samples.value(from);
        if (samples.hasHistograms()) {
            samples.histogramsForWriting()[to] = samples.histogram(from);
        }
        if (samples.hasStartTimestamps()) {
            samples.startTimestampsForWriting()[to] = samples.startTimestampMs(from);
        }
    }

    /** Appends a sample of one buffer to another. */
    public static void append(SampleBuffer from, int index, SampleBuffer into) {
        var histogram = from.histogram(index);
        if (histogram == null) {
            into.add(from.timestampMs(index), from.value(index));
        } else {
            into.add(from.timestampMs(index), histogram);
        }
        if (from.startTimestampMs(index) != 0) {
            into.startTimestamp(from.startTimestampMs(index));
        }
    }

    /**
     * Appends a sample behind one that it did not follow before: what was known of a counter's reset between it and the
     * sample before it does not hold any more.
     */
    public static void appendApart(SampleBuffer from, int index, SampleBuffer into) {
        append(from, index, into);
        setApart(into, into.size() - 1);
    }

    /** Forgets what was known of a counter's reset between a sample and the one before it, which is another now. */
    public static void setApart(SampleBuffer samples, int index) {
        NativeHistogram histogram = samples.histogram(index);
        if (histogram != null && histogram.counterResetHint() != CounterResetHint.GAUGE) {
            samples.histogramsForWriting()[index] = switch (histogram) {
                case IntegerHistogram integer -> integer.withHint(CounterResetHint.UNKNOWN);
                case FloatHistogram floating -> floating.withHint(CounterResetHint.UNKNOWN);
            };
        }
    }

    /**
     * Merges two ascending runs; of two samples of one time that of the first run stays.
     *
     * @param into gets the samples behind what it holds
     */
    public static void merge(SampleBuffer first, SampleBuffer second, SampleBuffer into) {
        int a = 0;
        int b = 0;
        int former = 0;
        while (a < first.size() || b < second.size()) {
            if (b == second.size() || (a < first.size() && first.timestampMs(a) <= second.timestampMs(b))) {
                if (b < second.size() && first.timestampMs(a) == second.timestampMs(b)) {
                    b++;
                }
                place(first, a++, into, former == 2);
                former = 1;
            } else {
                place(second, b++, into, former == 1);
                former = 2;
            }
        }
    }

    private static void place(SampleBuffer from, int index, SampleBuffer into, boolean apart) {
        if (apart) {
            appendApart(from, index, into);
        } else {
            append(from, index, into);
        }
    }
}
