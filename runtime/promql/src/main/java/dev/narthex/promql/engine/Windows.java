// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

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
    /** The end of the range of each step. */
    private final long[] endsMs;

    private final SampleCounts.@Nullable Part counts;
    private final boolean reads;
    private final Progress progress;
    /** Work is counted at the steps that have none of these bits, that of all steps up to the next such one. */
    private int workMask;

    private long workUnits;

    Windows(Steps steps, SelectorTime time, long rangeMs, Progress progress) {
        this(steps, time, rangeMs, progress, null, false);
    }

    /**
     * Windows that count the samples in them.
     *
     * @param progress is told how far the samples were looked at
     * @param counts where to
     * @param reads whether the samples are read here
     */
    Windows(
            Steps steps,
            SelectorTime time,
            long rangeMs,
            Progress progress,
            SampleCounts.@Nullable Part counts,
            boolean reads) {
        this.progress = progress;
        this.counts = counts;
        this.reads = reads;
        this.steps = steps;
        this.time = time;
        this.rangeMs = rangeMs;
        this.from = new int[steps.count()];
        this.to = new int[steps.count()];
        this.endsMs = new long[steps.count()];
        for (int step = 0; step < endsMs.length; step++) {
            endsMs[step] = time.timeMs(steps, step);
        }
    }

    /** Windows of the same ranges, for other samples, which are not counted. */
    Windows again() {
        return new Windows(steps, time, rangeMs, progress);
    }

    /** The window of one range, for other samples, which are not counted. */
    Windows single(long endMs, long ofRangeMs) {
        return new Windows(Steps.single(endMs), new SelectorTime(null, 0), ofRangeMs, progress);
    }

    /** Finds the windows in the samples of a series. */
    void slide(SampleBuffer samples) {
        long[] timestampsMs = samples.timestampsMs();
        int size = samples.size();
        int low = 0;
        int high = 0;
        // Samples mostly come regularly: then bounds move on by as much as they did before.
        int lowStride = 0;
        int highStride = 0;
        int mask = Progress.mask(1);
        long covered = 0;
        for (int step = 0; step < from.length; step++) {
            if ((step & mask) == 0) {
                progress.work(Math.min(mask, from.length));
            }
            long endMs = endsMs[step];
            int formerHigh = high;
            high = behind(timestampsMs, size, high, highStride, endMs);
            highStride = high - formerHigh;
            int formerLow = low;
            low = behind(timestampsMs, high, low, lowStride, endMs - rangeMs);
            lowStride = low - formerLow;
            from[step] = low;
            to[step] = high;
            covered += high - low;
        }
        long perStep = 1 + covered / Math.max(1, from.length);
        long units = samples.hasHistograms() ? Progress.HISTOGRAM * perStep : perStep;
        workMask = Progress.mask(units);
        workUnits = units * Math.min(workMask + 1, from.length);
        if (counts != null) {
            counts.addAll(samples, this, reads);
        }
    }

    /** The index behind the last sample that is not after a moment, of those from an index on. */
    private static int behind(long[] timestampsMs, int size, int first, int stride, long timeMs) {
        int guess = first + stride;
        if (stride > 1 && guess < size && timestampsMs[guess - 1] <= timeMs && timestampsMs[guess] > timeMs) {
            return guess;
        }
        int at = first;
        while (size - at > Progress.PIECE && timestampsMs[at + Progress.PIECE - 1] <= timeMs) {
            at += Progress.PIECE;
        }
        while (at < size && timestampsMs[at] <= timeMs) {
            at++;
        }
        return at;
    }

    int count() {
        return from.length;
    }

    /** What ends the query when it is canceled or late, for loops over the samples of one window. */
    Progress progress() {
        return progress;
    }

    /** The index of the first sample in the window of a step; here a query ends that is canceled or late. */
    int from(int step) {
        if ((step & workMask) == 0) {
            progress.work(workUnits);
        }
        return from[step];
    }

    /** The index behind the last sample in the window of a step. */
    int to(int step) {
        return to[step];
    }

    /** The end of the range of a step. */
    long endMs(int step) {
        return endsMs[step];
    }

    long rangeMs() {
        return rangeMs;
    }

    /** The moment of a step itself, whatever the selector looks at. */
    long stepMs(int step) {
        return steps.timeMs(step);
    }
}
