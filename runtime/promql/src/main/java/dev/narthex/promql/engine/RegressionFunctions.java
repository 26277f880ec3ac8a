// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.GoFloat;
import dev.narthex.promql.value.QueryException;
import dev.narthex.storage.SampleBuffer;
import java.math.BigDecimal;
import java.util.Locale;

/** Functions that fit a curve to the samples of each range. */
final class RegressionFunctions {
    /** Below it, the digits before the point are those of the shortest text. */
    private static final double ALL_DIGITS = 1e15;

    private RegressionFunctions() {}

    /** The slope per second of the line of least squares. */
    static void derivative(SampleBuffer samples, Windows windows, Column into) {
        Line line = new Line();
        for (int step = 0; step < windows.count(); step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            if (to - from >= 2) {
                // Measured from the first sample, so that times are small numbers.
                line.fit(samples, from, to, samples.timestampMs(from), windows.progress());
                into.set(step, line.slope);
            }
        }
    }

    /**
     * The value of the line of least squares in some seconds from each step.
     *
     * @param seconds how far ahead, for each step
     */
    static RangeFunction prediction(double[] seconds) {
        Line line = new Line();
        return (samples, windows, into) -> {
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (to - from >= 2) {
                    line.fit(samples, from, to, windows.stepMs(step), windows.progress());
                    into.set(step, line.slope * seconds[step] + line.intercept);
                }
            }
        };
    }

    /** A line of least squares through samples. */
    private static final class Line {
        private final CompensatedSum sumX = new CompensatedSum();
        private final CompensatedSum sumY = new CompensatedSum();
        private final CompensatedSum sumXy = new CompensatedSum();
        private final CompensatedSum sumXx = new CompensatedSum();
        private double slope;
        private double intercept;

        /** @param originMs the moment from which times are measured, where the intercept is */
        void fit(SampleBuffer samples, int from, int to, long originMs, Progress progress) {
            long[] timestampsMs = samples.timestampsMs();
            double[] values = samples.values();
            sumX.clear();
            sumY.clear();
            sumXy.clear();
            sumXx.clear();
            boolean constant = true;
            for (int i = from; i < to; ) {
                int end = progress.pieceEnd(i, to);
                for (; i < end; i++) {
                    constant &= values[i] == values[from];
                    double x = (timestampsMs[i] - originMs) / 1000.0;
                    sumX.add(x);
                    sumY.add(values[i]);
                    sumXy.add(x * values[i]);
                    sumXx.add(x * x);
                }
            }
            if (constant) {
                slope = Double.isInfinite(values[from]) ? Double.NaN : 0;
                intercept = Double.isInfinite(values[from]) ? Double.NaN : values[from];
                return;
            }
            double n = to - from;
            double covariance = sumXy.value() - sumX.value() * sumY.value() / n;
            double variance = sumXx.value() - sumX.value() * sumX.value() / n;
            slope = covariance / variance;
            intercept = sumY.value() / n - slope * sumX.value() / n;
        }
    }

    /**
     * Double exponential smoothing. Weights that are none are an error where there is something to smooth.
     *
     * @param smoothing weights of new samples, for each step, between 0 and 1
     * @param trend weights of new trends, for each step, between 0 and 1
     */
    static RangeFunction smoothing(double[] smoothing, double[] trend) {
        return (samples, windows, into) -> {
            double[] values = samples.values();
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                if (to > from) {
                    requireWeight(smoothing[step], "smoothing");
                    requireWeight(trend[step], "trend");
                }
                if (to - from < 2) {
                    continue;
                }
                double levelBefore = 0;
                double level = values[from];
                double slope = values[from + 1] - values[from];
                for (int i = from + 1; i < to; ) {
                    int end = windows.progress().pieceEnd(i, to);
                    for (; i < end; i++) {
                        if (i > from + 1) {
                            slope = trend[step] * (level - levelBefore) + (1 - trend[step]) * slope;
                        }
                        levelBefore = level;
                        level = smoothing[step] * values[i] + (1 - smoothing[step]) * (level + slope);
                    }
                }
                into.set(step, level);
            }
        };
    }

    private static void requireWeight(double weight, String what) {
        if (weight <= 0 || weight >= 1) {
            throw QueryException.execution("invalid " + what + " factor. Expected: 0 < " + what.charAt(0)
                    + "f < 1, got: " + sixPlaces(weight));
        }
    }

    private static String sixPlaces(double number) {
        if (Double.isInfinite(number)) {
            return GoFloat.fixed(number);
        }
        // Every digit, as Prometheus: of large doubles, the formatter shows zeros behind the first ones.
        return Math.abs(number) < ALL_DIGITS
                ? String.format(Locale.ROOT, "%f", number)
                : String.format(Locale.ROOT, "%f", new BigDecimal(number));
    }
}
