// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

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
     * Merges two ascending runs; of two samples of one time that of the first run stays.
     *
     * @param into gets the samples behind what it holds
     */
    public static void merge(SampleBuffer first, SampleBuffer second, SampleBuffer into) {
        int a = 0;
        int b = 0;
        while (a < first.size() || b < second.size()) {
            if (b == second.size() || (a < first.size() && first.timestampMs(a) <= second.timestampMs(b))) {
                if (b < second.size() && first.timestampMs(a) == second.timestampMs(b)) {
                    b++;
                }
                append(first, a++, into);
            } else {
                append(second, b++, into);
            }
        }
    }
}
