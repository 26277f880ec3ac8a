// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;

/**
 * The samples of one series that the range of each step covers: those at the indexes from {@link #from} to below {@link
 * #to}. Ranges are open on the left and closed on the right.
 */
final class Windows {
    private final Steps steps;
    private final SelectorTime time;
    private final long rangeMs;
    private final int[] from;
    private final int[] to;

    Windows(Steps steps, SelectorTime time, long rangeMs) {
        this.steps = steps;
        this.time = time;
        this.rangeMs = rangeMs;
        this.from = new int[steps.count()];
        this.to = new int[steps.count()];
    }

    /** Windows of the same ranges, for other samples. */
    Windows again() {
        return new Windows(steps, time, rangeMs);
    }

    /** Finds the windows in the samples of a series; returns how many samples they have, one counted in each window. */
    long slide(SampleBuffer samples) {
        long[] timestampsMs = samples.timestampsMs();
        int size = samples.size();
        int low = 0;
        int high = 0;
        long covered = 0;
        for (int step = 0; step < from.length; step++) {
            long endMs = time.timeMs(steps, step);
            while (high < size && timestampsMs[high] <= endMs) {
                high++;
            }
            while (low < high && timestampsMs[low] <= endMs - rangeMs) {
                low++;
            }
            from[step] = low;
            to[step] = high;
            covered += high - low;
        }
        return covered;
    }

    int count() {
        return from.length;
    }

    /** The index of the first sample in the window of a step. */
    int from(int step) {
        return from[step];
    }

    /** The index behind the last sample in the window of a step. */
    int to(int step) {
        return to[step];
    }

    /** The end of the range of a step. */
    long endMs(int step) {
        return time.timeMs(steps, step);
    }

    long rangeMs() {
        return rangeMs;
    }

    /** The moment of a step itself, whatever the selector looks at. */
    long stepMs(int step) {
        return steps.timeMs(step);
    }
}
