// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;

/** Functions of how series grow (Prometheus documentation, "Query functions": rate, increase, delta and their kin). */
final class CounterFunctions {
    /** A gap up to this many average distances of samples counts as none, and the series as if it went on. */
    static final double EXTRAPOLATION_LIMIT = 1.1;

    private CounterFunctions() {}

    /** The growth of a counter per second. */
    static RangeFunction rate() {
        return new Extrapolation(true, true);
    }

    /** The growth of a counter. */
    static RangeFunction increase() {
        return new Extrapolation(true, false);
    }

    /** The difference of a gauge. */
    static RangeFunction delta() {
        return new Extrapolation(false, false);
    }

    /**
     * The difference of the last and the first sample of a window, extrapolated to its bounds. Where a counter falls, it
     * was reset: the value before is added. The resets of a series are looked for once, whatever windows overlap.
     */
    private static final class Extrapolation implements RangeFunction {
        private final boolean counter;
        private final boolean perSecond;
        private int[] resets = new int[16];
        private int resetCount;

        Extrapolation(boolean counter, boolean perSecond) {
            this.counter = counter;
            this.perSecond = perSecond;
        }

        @Override
        public void apply(SampleBuffer samples, Windows windows, Column into) {
            double[] values = samples.values();
            if (counter) {
                findResets(values, samples.size(), windows.progress());
            }
            double rangeSeconds = windows.rangeMs() / 1000.0;
            int reset = 0;
            for (int step = 0; step < windows.count(); step++) {
                int first = windows.from(step);
                int last = windows.to(step) - 1;
                if (last <= first) {
                    continue;
                }
                double growth = values[last] - values[first];
                if (counter) {
                    while (reset < resetCount && resets[reset] <= first) {
                        reset++;
                    }
                    growth = withLost(growth, values, reset, last, windows.progress());
                }
                double factor = extrapolation(samples, windows, step, counter, growth, values[first]);
                if (perSecond) {
                    factor /= rangeSeconds;
                }
                into.set(step, growth * factor);
            }
        }

        /** The growth with what was counted before the resets, from one of them on up to a sample. */
        private double withLost(double difference, double[] values, int reset, int last, Progress progress) {
            double growth = difference;
            for (int i = reset; i < resetCount && resets[i] <= last; ) {
                int end = progress.pieceEnd(i, resetCount);
                for (; i < end && resets[i] <= last; i++) {
                    growth += values[resets[i] - 1];
                }
            }
            return growth;
        }

        private void findResets(double[] values, int size, Progress progress) {
            resetCount = 0;
            for (int i = 1; i < size; ) {
                int end = progress.pieceEnd(i, size);
                for (; i < end; i++) {
                    if (values[i] < values[i - 1]) {
                        if (resetCount == resets.length) {
                            resets = java.util.Arrays.copyOf(resets, 2 * resetCount);
                        }
                        resets[resetCount++] = i;
                    }
                }
            }
        }
    }

    /**
     * By how much the growth between the first and the last sample of a window is to be multiplied, of which there are two
     * at least, to stand for the whole range.
     *
     * @param growth by how much the counter grew, of a native histogram by how much its count did
     * @param first the first value, of a native histogram its count
     */
    static double extrapolation(
            SampleBuffer samples, Windows windows, int step, boolean counter, double growth, double first) {
        int from = windows.from(step);
        int last = windows.to(step) - 1;
        long firstMs = samples.timestampMs(from);
        long lastMs = samples.timestampMs(last);
        double sampled = (lastMs - firstMs) / 1000.0;
        double average = sampled / (last - from);
        double untilFirst = (firstMs - (windows.endMs(step) - windows.rangeMs())) / 1000.0;
        double afterLast = (windows.endMs(step) - lastMs) / 1000.0;
        double limit = average * EXTRAPOLATION_LIMIT;
        if (untilFirst >= limit) {
            untilFirst = average / 2;
        }
        if (counter && growth > 0 && first >= 0 && first < 2 * growth) {
            // Counters do not start below 0: no extrapolation beyond the moment when this one was 0. That is never
            // further than the limit where the first value is more than twice the growth.
            untilFirst = Math.min(untilFirst, sampled * (first / growth));
        }
        if (afterLast >= limit) {
            afterLast = average / 2;
        }
        return (sampled + untilFirst + afterLast) / sampled;
    }

    /** The growth of a counter per second between the last two samples. */
    static void irate(SampleBuffer samples, Windows windows, Column into) {
        lastTwo(samples, windows, into, true);
    }

    /** The difference of the last two samples of a gauge. */
    static void idelta(SampleBuffer samples, Windows windows, Column into) {
        lastTwo(samples, windows, into, false);
    }

    private static void lastTwo(SampleBuffer samples, Windows windows, Column into, boolean rate) {
        long[] timestampsMs = samples.timestampsMs();
        double[] values = samples.values();
        for (int step = 0; step < windows.count(); step++) {
            int last = windows.to(step) - 1;
            if (last <= windows.from(step)) {
                continue;
            }
            double difference =
                    rate && values[last] < values[last - 1] ? values[last] : values[last] - values[last - 1];
            into.set(step, rate ? difference / ((timestampsMs[last] - timestampsMs[last - 1]) / 1000.0) : difference);
        }
    }

    /** How often a counter fell. */
    static void resets(SampleBuffer samples, Windows windows, Column into) {
        double[] values = samples.values();
        for (int step = 0; step < windows.count(); step++) {
            int to = windows.to(step);
            int count = 0;
            for (int i = windows.from(step) + 1; i < to; ) {
                int end = windows.progress().pieceEnd(i, to);
                for (; i < end; i++) {
                    if (values[i] < values[i - 1]) {
                        count++;
                    }
                }
            }
            if (to > windows.from(step)) {
                into.set(step, count);
            }
        }
    }

    /** How often the value changed; a not-a-number equals another. */
    static void changes(SampleBuffer samples, Windows windows, Column into) {
        double[] values = samples.values();
        for (int step = 0; step < windows.count(); step++) {
            int to = windows.to(step);
            int count = 0;
            for (int i = windows.from(step) + 1; i < to; ) {
                int end = windows.progress().pieceEnd(i, to);
                for (; i < end; i++) {
                    if (values[i] != values[i - 1] && !(Double.isNaN(values[i]) && Double.isNaN(values[i - 1]))) {
                        count++;
                    }
                }
            }
            if (to > windows.from(step)) {
                into.set(step, count);
            }
        }
    }
}
