// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
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
 * @param schema -4 to 52, of which those above 8 are never stored, or {@link #CUSTOM_BUCKETS}
 * @param zeroThreshold half the width of the zero bucket
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

    /** Finer schemas than {@link #MAX_SCHEMA} up to this one are accepted and merged to it before they are stored. */
    public static final int MAX_RESERVED_SCHEMA = 52;

    public HistogramLayout {
        positiveSpans = List.copyOf(positiveSpans);
        negativeSpans = List.copyOf(negativeSpans);
        customValues = List.copyOf(customValues);
        if (schema == CUSTOM_BUCKETS) {
            checkCustom(zeroThreshold, positiveSpans, negativeSpans, customValues);
        } else if (schema < MIN_SCHEMA || schema > MAX_RESERVED_SCHEMA) {
            throw new InvalidHistogramException("histogram has an invalid schema, which must be between " + MIN_SCHEMA
                    + " and " + MAX_SCHEMA + " for exponential buckets, or " + CUSTOM_BUCKETS
                    + " for custom buckets, got schema " + schema);
        } else if (!customValues.isEmpty()) {
            throw new InvalidHistogramException("histogram with exponential schema must not have custom bounds");
        } else {
            checkSpans("positive side", positiveSpans, false);
            checkSpans("negative side", negativeSpans, false);
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
        if (schema > MAX_SCHEMA) {
            return Math.pow(2, Math.scalb((double) index, -schema));
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
        long count = 0;
        for (BucketSpan span : spans) {
            count += span.length();
        }
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    private static void checkSpans(String where, List<BucketSpan> spans, boolean firstToo) {
        for (int i = firstToo ? 0 : 1; i < spans.size(); i++) {
            int offset = spans.get(i).offset();
            if (offset < 0) {
                throw new InvalidHistogramException(where + ": span number " + (i + 1) + " with offset " + offset
                        + ": histogram has a span whose offset is negative");
            }
        }
    }

    static void checkLength(String side, int expected, int found) {
        if (expected != found) {
            throw new InvalidHistogramException(side + " side: spans need " + expected + " buckets, have " + found
                    + " buckets: histogram spans specify different number of buckets than provided");
        }
    }

    private static void checkCustom(
            double zeroThreshold, List<BucketSpan> spans, List<BucketSpan> negativeSpans, List<Double> customValues) {
        checkBounds(customValues);
        checkSpans("custom buckets", spans, true);
        long end = 0;
        for (BucketSpan span : spans) {
            end += (long) span.offset() + span.length();
        }
        if (end > customValues.size() + 1L) {
            throw new InvalidHistogramException("custom buckets: only " + customValues.size()
                    + " custom bounds defined which is insufficient to cover total span length of " + end
                    + ": histogram custom bounds are too few");
        }
        if (zeroThreshold != 0) {
            throw new InvalidHistogramException("custom buckets: must have zero threshold of 0");
        }
        if (!negativeSpans.isEmpty()) {
            throw new InvalidHistogramException("custom buckets: must not have negative spans");
        }
    }

    private static void checkBounds(List<Double> customValues) {
        for (int i = 0; i < customValues.size(); i++) {
            double value = customValues.get(i);
            if (Double.isNaN(value)) {
                throw new InvalidHistogramException("custom buckets: histogram custom bounds must not be NaN");
            }
            if (i > 0 && value <= customValues.get(i - 1)) {
                throw new InvalidHistogramException("custom buckets: previous bound is "
                        + sixDigits(customValues.get(i - 1)) + " and current is " + sixDigits(value)
                        + ": histogram custom bounds must be in strictly increasing order");
            }
        }
        if (!customValues.isEmpty() && customValues.getLast() == Double.POSITIVE_INFINITY) {
            throw new InvalidHistogramException("custom buckets: last +Inf bound must not be explicitly defined:"
                    + " histogram custom bounds must be finite");
        }
    }

    private static String sixDigits(double value) {
        return Double.isInfinite(value)
                ? GoFloat.fixed(value)
                : new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
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
