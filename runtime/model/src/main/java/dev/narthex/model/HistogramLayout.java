// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the buckets of a native histogram lie. Histograms of one series mostly share it, so it is an object of its own.
 * Source: Prometheus, "Native Histograms" specification, sections "Schema", "Spans and buckets" and "Custom values".
 *
 * <p>A standard schema {@code n} from -4 to 8 has bounds that are powers of {@code 2^(2^-n)}; bucket {@code i} holds
 * observations in {@code (base^(i-1), base^i]}, mirrored for negative ones, and the zero bucket those that are not
 * farther from zero than the threshold. Schema -53 has custom bounds, no zero bucket and no negative buckets; bucket
 * {@code i} ends at custom value {@code i}, the last one at infinity.
 *
 * <p>Immutable; the index of each bucket is found once, when the layout is made.
 */
public final class HistogramLayout {
    /** The schema of custom bounds. */
    public static final int CUSTOM_BUCKETS = -53;

    public static final int MIN_SCHEMA = -4;
    public static final int MAX_SCHEMA = 8;

    /** Finer schemas than {@link #MAX_SCHEMA} up to this one are accepted and merged to it before they are stored. */
    public static final int MAX_RESERVED_SCHEMA = 52;

    /** No histogram has more buckets on a side: more than there are powers of the base within the range of a double. */
    private static final int MAX_BUCKETS = 1 << 20;

    private static final int[] NONE = {};

    private final int schema;
    private final double zeroThreshold;
    private final List<BucketSpan> positiveSpans;
    private final List<BucketSpan> negativeSpans;
    private final List<Double> customValues;
    private final int[] positiveIndexes;
    private final int[] negativeIndexes;

    /**
     * Makes a layout of its parts.
     *
     * @param schema -4 to 52, of which those above 8 are never stored, or {@link #CUSTOM_BUCKETS}
     * @param zeroThreshold half the width of the zero bucket
     * @param positiveSpans runs of buckets for positive observations
     * @param negativeSpans runs of buckets for negative observations
     * @param customValues upper bounds in ascending order, for custom buckets only
     * @throws InvalidHistogramException when the parts do not belong together
     */
    public HistogramLayout(
            int schema,
            double zeroThreshold,
            List<BucketSpan> positiveSpans,
            List<BucketSpan> negativeSpans,
            List<Double> customValues) {
        this.schema = schema;
        this.zeroThreshold = zeroThreshold;
        this.positiveSpans = List.copyOf(positiveSpans);
        this.negativeSpans = List.copyOf(negativeSpans);
        this.customValues = List.copyOf(customValues);
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
        this.positiveIndexes = indexes(this.positiveSpans);
        this.negativeIndexes = indexes(this.negativeSpans);
    }

    /** A layout of buckets by their indexes, which ascend; the arrays belong to it from then on. */
    static HistogramLayout ofIndexes(
            int schema, double zeroThreshold, int[] positive, int[] negative, List<Double> customValues) {
        return new HistogramLayout(schema, zeroThreshold, spans(positive), spans(negative), customValues);
    }

    private static List<BucketSpan> spans(int[] indexes) {
        if (indexes.length == 0) {
            return List.of();
        }
        List<BucketSpan> spans = new ArrayList<>();
        int start = 0;
        int endOfLast = 0;
        for (int i = 1; i <= indexes.length; i++) {
            if (i == indexes.length || indexes[i] != indexes[i - 1] + 1) {
                spans.add(new BucketSpan(indexes[start] - endOfLast, i - start));
                endOfLast = indexes[i - 1] + 1;
                start = i;
            }
        }
        return spans;
    }

    public int schema() {
        return schema;
    }

    public double zeroThreshold() {
        return zeroThreshold;
    }

    public List<BucketSpan> positiveSpans() {
        return positiveSpans;
    }

    public List<BucketSpan> negativeSpans() {
        return negativeSpans;
    }

    public List<Double> customValues() {
        return customValues;
    }

    /** The index of a bucket of the positive side, by its position among those the spans cover. */
    public int positiveIndex(int position) {
        return positiveIndexes[position];
    }

    /** The index of a bucket of the negative side, by its position among those the spans cover. */
    public int negativeIndex(int position) {
        return negativeIndexes[position];
    }

    /** The index of each bucket of the positive side; not to be changed. */
    int[] positiveIndexes() {
        return positiveIndexes;
    }

    /** The index of each bucket of the negative side; not to be changed. */
    int[] negativeIndexes() {
        return negativeIndexes;
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

    /** The same schema, zero bucket and custom bounds without any bucket. */
    HistogramLayout withoutBuckets() {
        return new HistogramLayout(schema, zeroThreshold, List.of(), List.of(), customValues);
    }

    public boolean hasCustomBuckets() {
        return schema == CUSTOM_BUCKETS;
    }

    /** How many buckets the spans of the positive side cover. */
    public int positiveBuckets() {
        return positiveIndexes.length;
    }

    /** How many buckets the spans of the negative side cover. */
    public int negativeBuckets() {
        return negativeIndexes.length;
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
        return exponentialBound(schema, index);
    }

    /**
     * The lower bound of a bucket of the positive side: where the zero bucket ends if it reaches into the bucket, even
     * where it reaches beyond, as in Prometheus.
     */
    double boundBeyondZeroBucket(int index) {
        double lower = bound(index - 1);
        return hasCustomBuckets() ? lower : Math.max(lower, zeroThreshold);
    }

    static double exponentialBound(int schema, int index) {
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

    private static int[] indexes(List<BucketSpan> spans) {
        int count = count(spans);
        if (count == 0) {
            return NONE;
        }
        int[] indexes = new int[count];
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
        if (count > MAX_BUCKETS) {
            throw new InvalidHistogramException("histogram spans specify different number of buckets than provided");
        }
        return (int) count;
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

    /** Whether it has the same buckets with the same bounds, in whatever spans they are written. */
    @SuppressWarnings("ReferenceEquality") // only to be quick where it is the same object
    boolean hasSameBuckets(HistogramLayout other) {
        return this == other
                || (schema == other.schema
                        && zeroThreshold == other.zeroThreshold
                        && Arrays.equals(positiveIndexes, other.positiveIndexes)
                        && Arrays.equals(negativeIndexes, other.negativeIndexes)
                        && customValues.equals(other.customValues));
    }

    /** Whether there is no bucket that the zero bucket covers whole. */
    boolean isBeyondZeroBucket() {
        return hasCustomBuckets() || (isBeyondZeroBucket(positiveIndexes) && isBeyondZeroBucket(negativeIndexes));
    }

    private boolean isBeyondZeroBucket(int[] indexes) {
        return indexes.length == 0 || bound(indexes[0]) > zeroThreshold;
    }

    /** Whether it has the same buckets in the same spans, those without buckets left out. */
    @SuppressWarnings("ReferenceEquality") // only to be quick where it is the same object
    boolean hasSameSpans(HistogramLayout other) {
        return this == other
                || (hasSameBuckets(other)
                        && haveSameLengths(positiveSpans, other.positiveSpans)
                        && haveSameLengths(negativeSpans, other.negativeSpans));
    }

    private static boolean haveSameLengths(List<BucketSpan> left, List<BucketSpan> right) {
        return left.equals(right)
                || left.stream()
                        .mapToInt(BucketSpan::length)
                        .filter(length -> length > 0)
                        .boxed()
                        .toList()
                        .equals(right.stream()
                                .mapToInt(BucketSpan::length)
                                .filter(length -> length > 0)
                                .boxed()
                                .toList());
    }

    /** Whether buckets that follow each other are all in the same span. */
    boolean hasSeparateSpans() {
        return areSeparate(positiveSpans) && areSeparate(negativeSpans);
    }

    private static boolean areSeparate(List<BucketSpan> spans) {
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i).length() == 0 || (i > 0 && spans.get(i).offset() == 0)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object == this
                || (object instanceof HistogramLayout other
                        && schema == other.schema
                        && Double.compare(zeroThreshold, other.zeroThreshold) == 0
                        && positiveSpans.equals(other.positiveSpans)
                        && negativeSpans.equals(other.negativeSpans)
                        && customValues.equals(other.customValues));
    }

    @Override
    public int hashCode() {
        int hash = 31 * schema + Double.hashCode(zeroThreshold);
        return 31 * (31 * (31 * hash + positiveSpans.hashCode()) + negativeSpans.hashCode()) + customValues.hashCode();
    }

    @Override
    public String toString() {
        return "schema=" + schema + " zeroThreshold=" + GoFloat.general(zeroThreshold) + " positive=" + positiveSpans
                + " negative=" + negativeSpans + " customValues=" + customValues;
    }

    /**
     * 2^(i/256) for i in [0, 256) as Prometheus has it: not the nearest doubles, but up to four below. Bounds are compared
     * as texts by those who read answers, and are labels under {@code count_values}, so that the last bit counts. The
     * differences are those of the bounds in answers of Prometheus 3.15. Made when first needed.
     */
    private static final class Roots {
        private static final String BELOW_NEAREST = "1111112111211111112311222222222211211121122211221122102211221122"
                + "1111112222332132112111211112111111121011213311221222112121332222"
                + "2121223322322122222222323233323311221121223321332233212232332232"
                + "2243223233433343333333444455435422322333324422333243223333543344";

        static final double[] FRACTIONS = new double[1 << MAX_SCHEMA];

        static {
            MathContext digits = new MathContext(50);
            BigDecimal step = BigDecimal.TWO;
            for (int i = 0; i < MAX_SCHEMA; i++) {
                step = step.sqrt(digits);
            }
            BigDecimal power = BigDecimal.ONE;
            for (int i = 0; i < FRACTIONS.length; i++) {
                double nearest = power.doubleValue();
                FRACTIONS[i] = nearest - (BELOW_NEAREST.charAt(i) - '1') * Math.ulp(nearest);
                power = power.multiply(step, digits);
            }
        }
    }
}
