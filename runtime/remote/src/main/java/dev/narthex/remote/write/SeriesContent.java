// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.util.Arrays;

/**
 * What was sent of one series: the float samples, and where the messages of histograms and exemplars lie in the request.
 * For one thread, reused.
 */
final class SeriesContent {
    private long[] timestampsMs = new long[16];
    private long[] startTimestampsMs = new long[16];
    private double[] values = new double[16];
    private int samples;
    private final GrownMemory memory;
    private final Ranges histograms;
    private final Ranges exemplars;

    SeriesContent(GrownMemory memory) {
        this.memory = memory;
        histograms = new Ranges(memory);
        exemplars = new Ranges(memory);
    }

    void clear() {
        samples = 0;
        histograms.clear();
        exemplars.clear();
    }

    void addSample(long timestampMs, double value, long startTimestampMs) {
        if (samples == values.length) {
            memory.take(24L * samples);
            timestampsMs = Arrays.copyOf(timestampsMs, 2 * samples);
            startTimestampsMs = Arrays.copyOf(startTimestampsMs, 2 * samples);
            values = Arrays.copyOf(values, 2 * samples);
        }
        timestampsMs[samples] = timestampMs;
        startTimestampsMs[samples] = startTimestampMs;
        values[samples++] = value;
    }

    /** Gives a start to the samples that have none of their own. */
    void setStartTimestamp(long startMs) {
        for (int i = 0; i < samples && startMs != 0; i++) {
            if (startTimestampsMs[i] == 0) {
                startTimestampsMs[i] = startMs;
            }
        }
    }

    int samples() {
        return samples;
    }

    /** The memory of the arrays. */
    long heldBytes() {
        return 24L * values.length + histograms.heldBytes() + exemplars.heldBytes();
    }

    long timestampMs(int sample) {
        return timestampsMs[sample];
    }

    /** 0 where none was sent. */
    long startTimestampMs(int sample) {
        return startTimestampsMs[sample];
    }

    double value(int sample) {
        return values[sample];
    }

    Ranges histograms() {
        return histograms;
    }

    Ranges exemplars() {
        return exemplars;
    }

    /** Ranges of bytes. */
    static final class Ranges {
        private final GrownMemory memory;
        private int[] bounds = new int[16];
        private int size;

        Ranges(GrownMemory memory) {
            this.memory = memory;
        }

        void clear() {
            size = 0;
        }

        void add(int start, int stop) {
            if (2 * size == bounds.length) {
                memory.take(4L * bounds.length);
                bounds = Arrays.copyOf(bounds, 2 * bounds.length);
            }
            bounds[2 * size] = start;
            bounds[2 * size++ + 1] = stop;
        }

        int size() {
            return size;
        }

        long heldBytes() {
            return 4L * bounds.length;
        }

        int start(int index) {
            return bounds[2 * index];
        }

        int stop(int index) {
            return bounds[2 * index + 1];
        }

        int length(int index) {
            return stop(index) - start(index);
        }
    }
}
