// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** What a storage demands of the counts of a histogram that is appended to it. The order of checks is Prometheus'. */
final class HistogramValidation {
    private static final String NEGATIVE_BUCKET = "histogram has a bucket whose observation count is negative";

    private HistogramValidation() {}

    static void check(IntegerHistogram histogram) {
        checkZeroBucket(histogram.layout(), histogram.zeroCount() != 0);
        long inBuckets = 0;
        int negative = histogram.layout().negativeBuckets();
        for (int i = 0; i < negative; i++) {
            inBuckets += checked("negative", i, histogram.negativeCount(i));
        }
        int positive = histogram.layout().positiveBuckets();
        for (int i = 0; i < positive; i++) {
            inBuckets += checked("positive", i, histogram.positiveCount(i));
        }
        inBuckets += histogram.zeroCount();
        boolean sumHidesObservations = Double.isNaN(histogram.sum());
        if (sumHidesObservations && Long.compareUnsigned(inBuckets, histogram.count()) > 0) {
            throw mismatch(inBuckets, histogram.count(), "be at least", "");
        }
        if (!sumHidesObservations && inBuckets != histogram.count()) {
            throw mismatch(inBuckets, histogram.count(), "equal", " (in absence of NaN)");
        }
    }

    static void check(FloatHistogram histogram) {
        checkZeroBucket(histogram.layout(), histogram.zeroCount() != 0);
        int negative = histogram.layout().negativeBuckets();
        for (int i = 0; i < negative; i++) {
            check("negative", i, histogram.negativeCount(i));
        }
        int positive = histogram.layout().positiveBuckets();
        for (int i = 0; i < positive; i++) {
            check("positive", i, histogram.positiveCount(i));
        }
        if (histogram.zeroCount() < 0) {
            throw new InvalidHistogramException("zero bucket has observation count of "
                    + GoFloat.general(histogram.zeroCount()) + ": " + NEGATIVE_BUCKET);
        }
        if (histogram.count() < 0) {
            throw new InvalidHistogramException("observation count is  " + GoFloat.general(histogram.count())
                    + ": histogram's observation count is negative");
        }
    }

    private static void checkZeroBucket(HistogramLayout layout, boolean zeroBucketUsed) {
        if (layout.hasCustomBuckets() && zeroBucketUsed) {
            throw new InvalidHistogramException("custom buckets: must have zero count of 0");
        }
    }

    private static long checked(String side, int position, long count) {
        if (count < 0) {
            throw negative(side, position, Long.toString(count));
        }
        return count;
    }

    private static void check(String side, int position, double count) {
        if (count < 0) {
            throw negative(side, position, GoFloat.general(count));
        }
    }

    private static InvalidHistogramException negative(String side, int position, String count) {
        return new InvalidHistogramException(side + " side: bucket number " + (position + 1)
                + " has observation count of " + count + ": " + NEGATIVE_BUCKET);
    }

    private static InvalidHistogramException mismatch(long inBuckets, long count, String relation, String condition) {
        return new InvalidHistogramException(Long.toUnsignedString(inBuckets)
                + " observations found in buckets, but the Count field is " + Long.toUnsignedString(count)
                + ": histogram's observation count should " + relation
                + " the number of observations found in the buckets" + condition);
    }
}
