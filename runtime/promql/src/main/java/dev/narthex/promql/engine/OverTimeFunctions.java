// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;
import java.util.Arrays;

/** The functions that aggregate the samples of each range. */
final class OverTimeFunctions {
    private OverTimeFunctions() {}

    /** One number made of the samples from one index to below another, of which there is at least one. */
    @FunctionalInterface
    interface WindowFunction {
        double apply(SampleBuffer samples, int from, int to, Progress progress);
    }

    /** Applies a function to each window that has samples. */
    static RangeFunction each(WindowFunction function) {
        return (samples, windows, into) -> {
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (to > from) {
                    into.set(step, function.apply(samples, from, to, windows.progress()));
                }
            }
        };
    }

    static double sum(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        double sum = 0;
        double lost = 0;
        for (int i = from; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                double next = sum + values[i];
                lost = CompensatedSum.compensation(sum, values[i], next, lost);
                sum = next;
            }
        }
        return Double.isInfinite(sum) ? sum : sum + lost;
    }

    static double average(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        MeanAccumulator mean = new MeanAccumulator();
        for (int i = from; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                mean.add(values[i]);
            }
        }
        return mean.value();
    }

    static double min(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        double min = values[from];
        for (int i = from + 1; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                if (values[i] < min || Double.isNaN(min)) {
                    min = values[i];
                }
            }
        }
        return min;
    }

    static double max(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        double max = values[from];
        for (int i = from + 1; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                if (values[i] > max || Double.isNaN(max)) {
                    max = values[i];
                }
            }
        }
        return max;
    }

    /** When the sample was taken that {@link #min} gives, in seconds. */
    static double timeOfMin(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        int min = from;
        for (int i = from + 1; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                if (values[i] <= values[min] || Double.isNaN(values[min])) {
                    min = i;
                }
            }
        }
        return samples.timestampMs(min) / 1000.0;
    }

    /** When the sample was taken that {@link #max} gives, in seconds. */
    static double timeOfMax(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        int max = from;
        for (int i = from + 1; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                if (values[i] >= values[max] || Double.isNaN(values[max])) {
                    max = i;
                }
            }
        }
        return samples.timestampMs(max) / 1000.0;
    }

    static double count(SampleBuffer samples, int from, int to, Progress progress) {
        return to - from;
    }

    static double present(SampleBuffer samples, int from, int to, Progress progress) {
        return 1;
    }

    static double first(SampleBuffer samples, int from, int to, Progress progress) {
        return samples.value(from);
    }

    static double last(SampleBuffer samples, int from, int to, Progress progress) {
        return samples.value(to - 1);
    }

    static double timeOfFirst(SampleBuffer samples, int from, int to, Progress progress) {
        return samples.timestampMs(from) / 1000.0;
    }

    static double timeOfLast(SampleBuffer samples, int from, int to, Progress progress) {
        return samples.timestampMs(to - 1) / 1000.0;
    }

    static double standardDeviation(SampleBuffer samples, int from, int to, Progress progress) {
        return Math.sqrt(standardVariance(samples, from, to, progress));
    }

    /** The variance by Welford's method, both of its sums compensated. */
    static double standardVariance(SampleBuffer samples, int from, int to, Progress progress) {
        double[] values = samples.values();
        double count = 0;
        CompensatedSum mean = new CompensatedSum();
        CompensatedSum squares = new CompensatedSum();
        for (int i = from; i < to; ) {
            int end = progress.pieceEnd(i, to);
            for (; i < end; i++) {
                count++;
                double difference = values[i] - mean.value();
                mean.add(difference / count);
                squares.add(difference * (values[i] - mean.value()));
            }
        }
        return squares.value() / count;
    }

    /** The median of the distances from the median. */
    static double medianAbsoluteDeviation(SampleBuffer samples, int from, int to, Progress progress) {
        double[] sorted = Arrays.copyOfRange(samples.values(), from, to);
        Quantiles.sort(sorted, progress);
        if (Double.isNaN(sorted[0])) {
            return Double.NaN;
        }
        double median = Quantiles.ofSorted(0.5, sorted, sorted.length);
        for (int i = 0; i < sorted.length; ) {
            int end = progress.pieceEnd(i, sorted.length);
            for (; i < end; i++) {
                sorted[i] = Math.abs(sorted[i] - median);
            }
        }
        Quantiles.sort(sorted, progress);
        return Quantiles.ofSorted(0.5, sorted, sorted.length);
    }

    /** @param quantiles the quantile at each step */
    static RangeFunction quantile(double[] quantiles, Progress progress) {
        return (samples, windows, into) -> {
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (to > from) {
                    double[] sorted = Arrays.copyOfRange(samples.values(), from, to);
                    Quantiles.sort(sorted, progress);
                    into.set(step, Quantiles.ofSorted(quantiles[step], sorted, sorted.length));
                }
            }
        };
    }
}
