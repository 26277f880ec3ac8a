// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;
import java.util.BitSet;

/**
 * Which samples a reader comes to by a leap, that goes from step to step and reads no samples that lie between the ranges.
 * What such a sample is compared with is not the one before it: that one was not read. Found by comparison with Prometheus:
 * it leaps to the start of the range of the first step, and of later ones to the first sample that the step before did not
 * have, where that is more than one sample ahead.
 *
 * @param rangeMs how far before the first step samples are read
 * @param laterMs how far before each later one
 * @param afterMs how far behind each step samples are read
 */
record Leaps(Steps steps, SelectorTime time, long rangeMs, long laterMs, long afterMs) {
    /**
     * The leaps of a range selector.
     *
     * @param rangeMs how far before a step samples are read, be they in its range or not
     * @param afterMs how far behind it
     */
    static Leaps ofRange(Steps steps, SelectorTime time, long rangeMs, long afterMs) {
        return new Leaps(steps, time, rangeMs, Math.min(rangeMs, steps.stepMs() - afterMs), afterMs);
    }

    /** The leaps of an instant selector. */
    static Leaps ofInstant(Steps steps, SelectorTime time, long lookbackMs) {
        return new Leaps(steps, time, lookbackMs - 1, lookbackMs - 1, 0);
    }

    /** The indexes of the samples that are leapt to. */
    BitSet in(SampleBuffer samples) {
        BitSet landings = new BitSet(samples.size());
        int at = 0;
        for (int step = 0; step < steps.count() && at < samples.size(); step++) {
            long endMs = time.timeMs(steps, step);
            long startMs = endMs - (step == 0 ? rangeMs : laterMs);
            if (step == 0 || startMs > samples.timestampMs(at)) {
                at = ahead(samples, at, startMs);
                landings.set(at);
            }
            at = ahead(samples, at, endMs + afterMs);
        }
        return landings;
    }

    /** The index of the first sample that is not before a moment. */
    private static int ahead(SampleBuffer samples, int from, long timeMs) {
        int at = from;
        while (at < samples.size() && samples.timestampMs(at) < timeMs) {
            at++;
        }
        return at;
    }
}
