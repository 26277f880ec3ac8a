// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * Where the buckets of a native histogram lie. Histograms of one series mostly share it, so it is an object of its own.
 * Source: Prometheus, "Native Histograms" specification, sections "Schema", "Spans and buckets" and "Custom values".
 *
 * <p>A standard schema {@code n} from -4 to 8 has bounds that are powers of {@code 2^(2^-n)}; bucket {@code i} holds
 * observations in {@code (base^(i-1), base^i]}, mirrored for negative ones, and the zero bucket those that are not
 * farther from zero than the threshold. Schema -53 has custom bounds, no zero bucket and no negative buckets; bucket
 * {@code i} ends at custom value {@code i}, the last one at infinity.
 *
 * @param schema -4 to 8, or {@link #CUSTOM_BUCKETS}
 * @param zeroThreshold half the width of the zero bucket, not negative
 * @param positiveSpans runs of buckets for positive observations
 * @param negativeSpans runs of buckets for negative observations
 * @param customValues upper bounds in ascending order, for custom buckets only
 */
public record HistogramLayout(
        int schema,
        double zeroThreshold,
        List<BucketSpan> positiveSpans,
        List<BucketSpan> negativeSpans,
        List<Double> customValues) {
    /** The schema of custom bounds. */
    public static final int CUSTOM_BUCKETS = -53;

    public static final int MIN_SCHEMA = -4;
    public static final int MAX_SCHEMA = 8;

    public HistogramLayout {
        positiveSpans = List.copyOf(positiveSpans);
        negativeSpans = List.copyOf(negativeSpans);
        customValues = List.copyOf(customValues);
        checkSpans("positive", positiveSpans);
        checkSpans("negative", negativeSpans);
        if (schema == CUSTOM_BUCKETS) {
            checkCustom(zeroThreshold, positiveSpans, negativeSpans, customValues);
        } else if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
            throw new IllegalArgumentException("histogram: unknown schema, found " + schema + "; it is -4 to 8, or "
                    + CUSTOM_BUCKETS + " for custom buckets");
        } else if (!customValues.isEmpty()) {
            throw new IllegalArgumentException("histogram: custom values in schema " + schema + ", found "
                    + customValues.size() + "; only schema " + CUSTOM_BUCKETS + " has them");
        } else if (!(zeroThreshold >= 0)) {
            throw new IllegalArgumentException(
                    "histogram: bad zero threshold, found " + GoFloat.general(zeroThreshold) + "; it is not negative");
        }
    }

    /** A layout of a standard schema. */
    public static HistogramLayout exponential(
            int schema, double zeroThreshold, List<BucketSpan> positiveSpans, List<BucketSpan> negativeSpans) {
        return new HistogramLayout(schema, zeroThreshold, positiveSpans, negativeSpans, List.of());
    }

    /** A layout with custom bounds. */
    public static HistogramLayout custom(List<Double> customValues, List<BucketSpan> spans) {
        return new HistogramLayout(CUSTOM_BUCKETS, 0, spans, List.of(), customValues);
    }

    public boolean hasCustomBuckets() {
        return schema == CUSTOM_BUCKETS;
    }

    /** How many buckets the spans of the positive side cover. */
    public int positiveBuckets() {
        return count(positiveSpans);
    }

    /** How many buckets the spans of the negative side cover. */
    public int negativeBuckets() {
        return count(negativeSpans);
    }

    /**
     * The upper bound of a bucket of the positive side; of the negative side its mirror is the lower bound.
     *
     * @param index the bucket's index, which spans count
     */
    public double bound(int index) {
        if (hasCustomBuckets()) {
            if (index < 0) {
                return Double.NEGATIVE_INFINITY;
            }
            return index < customValues.size() ? customValues.get(index) : Double.POSITIVE_INFINITY;
        }
        if (schema <= 0) {
            long exponent = (long) index << -schema;
            // The bucket that ends at 2^1024 holds the largest finite numbers, so that it ends at the largest of them.
            return exponent == Double.MAX_EXPONENT + 1 ? Double.MAX_VALUE : powerOfTwo(exponent);
        }
        double fraction = Roots.FRACTIONS[(index & ((1 << schema) - 1)) << (MAX_SCHEMA - schema)];
        int exponent = index >> schema;
        return exponent == Double.MAX_EXPONENT + 1 && fraction == 1
                ? Double.MAX_VALUE
                : fraction * powerOfTwo(exponent);
    }

    private static double powerOfTwo(long exponent) {
        return Math.scalb(1.0, Math.clamp(exponent, -2000, 2000));
    }

    /** The index of each bucket that the spans cover, in order. */
    static int[] indexes(List<BucketSpan> spans) {
        int[] indexes = new int[count(spans)];
        int at = 0;
        int index = 0;
        for (BucketSpan span : spans) {
            index += span.offset();
            for (int i = 0; i < span.length(); i++) {
                indexes[at++] = index++;
            }
        }
        return indexes;
    }

    private static int count(List<BucketSpan> spans) {
        int count = 0;
        for (BucketSpan span : spans) {
            count = Math.addExact(count, span.length());
        }
        return count;
    }

    private static void checkSpans(String side, List<BucketSpan> spans) {
        for (int i = 1; i < spans.size(); i++) {
            if (spans.get(i).offset() < 0) {
                throw new IllegalArgumentException("histogram: " + side + " span " + (i + 1)
                        + " overlaps the span before it, found offset "
                        + spans.get(i).offset()
                        + "; only the first offset may be negative");
            }
        }
    }

    private static void checkCustom(
            double zeroThreshold, List<BucketSpan> spans, List<BucketSpan> negativeSpans, List<Double> customValues) {
        if (zeroThreshold != 0 || !negativeSpans.isEmpty()) {
            throw new IllegalArgumentException(
                    "histogram: custom buckets with a zero bucket or negative buckets; they have neither");
        }
        double last = Double.NEGATIVE_INFINITY;
        for (double value : customValues) {
            if (!(value > last) || value == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("histogram: bad custom value, found " + GoFloat.general(value)
                        + " after " + GoFloat.general(last) + "; they ascend and are finite");
            }
            last = value;
        }
        int end = 0;
        for (BucketSpan span : spans) {
            end += span.offset() + span.length();
        }
        if ((!spans.isEmpty() && spans.getFirst().offset() < 0) || end > customValues.size() + 1) {
            throw new IllegalArgumentException("histogram: spans reach bucket " + end + ", with " + customValues.size()
                    + " custom values there are " + (customValues.size() + 1));
        }
    }

    /** 2^(i/256) for i in [0, 256), each rounded once from many digits; made when first needed. */
    private static final class Roots {
        static final double[] FRACTIONS = new double[1 << MAX_SCHEMA];

        static {
            MathContext digits = new MathContext(50);
            BigDecimal step = BigDecimal.TWO;
            for (int i = 0; i < MAX_SCHEMA; i++) {
                step = step.sqrt(digits);
            }
            BigDecimal power = BigDecimal.ONE;
            for (int i = 0; i < FRACTIONS.length; i++) {
                FRACTIONS[i] = power.doubleValue();
                power = power.multiply(step, digits);
            }
        }
    }
}
