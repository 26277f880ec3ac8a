// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import java.util.Arrays;

/** What a query cost. The arrays that it gives are its own, and not to be changed. */
public final class QueryStatistics {
    private final long startMs;
    private final long stepMs;
    private final long[] queryablePerStep;
    private final long[] readPerStep;
    private final long peakSamples;
    private final long resultBytes;
    private final long elapsedNanos;
    private final long queueNanos;

    /**
     * Makes statistics; the arrays belong to them from then on.
     *
     * @param startMs the first step of the query
     * @param stepMs the distance of two steps
     * @param queryablePerStep see {@link #queryablePerStep}
     * @param readPerStep see {@link #readPerStep}
     * @param peakSamples see {@link #peakSamples}
     * @param resultBytes see {@link #resultBytes}
     * @param elapsedNanos see {@link #elapsedNanos}
     * @param queueNanos see {@link #queueNanos}
     */
    public QueryStatistics(
            long startMs,
            long stepMs,
            long[] queryablePerStep,
            long[] readPerStep,
            long peakSamples,
            long resultBytes,
            long elapsedNanos,
            long queueNanos) {
        this.startMs = startMs;
        this.stepMs = stepMs;
        this.queryablePerStep = queryablePerStep;
        this.readPerStep = readPerStep;
        this.peakSamples = peakSamples;
        this.resultBytes = resultBytes;
        this.elapsedNanos = elapsedNanos;
        this.queueNanos = queueNanos;
    }

    /** The moment of a step, milliseconds since 1970. */
    public long timeMs(int step) {
        return startMs + step * stepMs;
    }

    /**
     * How many samples each step would have to look at if it was asked for alone; native histograms count by their size.
     */
    public long[] queryablePerStep() {
        return queryablePerStep;
    }

    /** How many samples each step read that no step before had. */
    public long[] readPerStep() {
        return readPerStep;
    }

    /** How many samples all steps looked at, one once for each step. */
    public long queryableSamples() {
        return Arrays.stream(queryablePerStep).sum();
    }

    /** How many samples were read. */
    public long samplesRead() {
        return Arrays.stream(readPerStep).sum();
    }

    /** How many samples the query held at most at a time. */
    public long peakSamples() {
        return peakSamples;
    }

    /** How many bytes of memory its result takes, estimated. */
    public long resultBytes() {
        return resultBytes;
    }

    /** How long it was evaluated, without waiting for its turn. */
    public long elapsedNanos() {
        return elapsedNanos;
    }

    /** How long it waited for its turn. */
    public long queueNanos() {
        return queueNanos;
    }
}
