// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NativeHistogramTest {
    private static final HistogramLayout LAYOUT = HistogramLayout.exponential(
            0, 0.001, List.of(new BucketSpan(-1, 2), new BucketSpan(1, 1)), List.of(new BucketSpan(1, 1)));

    @Test
    void listsBucketsInAscendingOrder() {
        IntegerHistogram histogram = new IntegerHistogram(
                CounterResetHint.UNKNOWN, LAYOUT, 21, 2, 18.5, new long[] {1, 0, 8}, new long[] {10});
        assertThat(histogram.buckets())
                .containsExactly(
                        new HistogramBucket(-2, -1, true, false, 10),
                        new HistogramBucket(-0.001, 0.001, true, true, 2),
                        new HistogramBucket(0.25, 0.5, false, true, 1),
                        new HistogramBucket(2, 4, false, true, 8));
        assertThat(histogram.toFloat().buckets()).isEqualTo(histogram.buckets());
    }

    @Test
    void listsCustomBuckets() {
        HistogramLayout layout = HistogramLayout.custom(List.of(5.0, 10.0), List.of(new BucketSpan(0, 3)));
        FloatHistogram histogram =
                new FloatHistogram(CounterResetHint.GAUGE, layout, 3.5, 0, 20, new double[] {1, 2, 0.5}, new double[0]);
        assertThat(histogram.buckets())
                .containsExactly(
                        new HistogramBucket(Double.NEGATIVE_INFINITY, 5, true, true, 1),
                        new HistogramBucket(5, 10, false, true, 2),
                        new HistogramBucket(10, Double.POSITIVE_INFINITY, false, true, 0.5));
        assertThat(histogram.buckets().getFirst().containsZero()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 1, 2",
        "0, -1074, 4.9e-324",
        "0, 1024, 1.7976931348623157e308",
        "0, 1025, Infinity",
        "-4, 1, 65536",
        "-4, 64, 1.7976931348623157e308",
        "-4, 65, Infinity",
        "1, 1, 1.414213562373095",
        "1, -1, 0.7071067811865475",
        "3, 8, 2",
        "8, 1, 1.0027112750502025",
        "8, 262144, 1.7976931348623157e308",
        "8, -255, 0.5013556375251013",
    })
    void boundsArePowersOfTheBase(int schema, int index, double bound) {
        assertThat(HistogramLayout.exponential(schema, 0, List.of(), List.of()).bound(index))
                .isEqualTo(bound);
    }

    /** The texts are those with which a real Prometheus 3.15 refuses the same histograms in a remote write. */
    static Stream<Arguments> refused() {
        return Stream.of(
                refused(
                        "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets,"
                                + " or -53 for custom buckets, got schema 53",
                        () -> exponential(53, 0)),
                refused(
                        "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets,"
                                + " or -53 for custom buckets, got schema -5",
                        () -> exponential(-5, 0)),
                refused(
                        "positive side: span number 2 with offset -1: histogram has a span whose offset is negative",
                        () -> HistogramLayout.exponential(
                                0, 0, List.of(new BucketSpan(0, 2), new BucketSpan(-1, 1)), List.of())),
                refused(
                        "negative side: span number 2 with offset -2: histogram has a span whose offset is negative",
                        () -> HistogramLayout.exponential(
                                0, 0, List.of(), List.of(new BucketSpan(0, 2), new BucketSpan(-2, 1)))),
                refused(
                        "histogram with exponential schema must not have custom bounds",
                        () -> new HistogramLayout(0, 0, List.of(), List.of(), List.of(1.0))),
                refused(
                        "custom buckets: previous bound is 2.000000 and current is 1.000000:"
                                + " histogram custom bounds must be in strictly increasing order",
                        () -> HistogramLayout.custom(List.of(2.0, 1.0), List.of())),
                refused(
                        "custom buckets: last +Inf bound must not be explicitly defined:"
                                + " histogram custom bounds must be finite",
                        () -> HistogramLayout.custom(List.of(1.0, Double.POSITIVE_INFINITY), List.of())),
                refused(
                        "custom buckets: histogram custom bounds must not be NaN",
                        () -> HistogramLayout.custom(List.of(1.0, Double.NaN), List.of())),
                refused(
                        "custom buckets: only 1 custom bounds defined which is insufficient to cover total span length"
                                + " of 8: histogram custom bounds are too few",
                        () -> HistogramLayout.custom(
                                List.of(1.0), List.of(new BucketSpan(0, 1), new BucketSpan(5, 2)))),
                refused(
                        "custom buckets: span number 1 with offset -1: histogram has a span whose offset is negative",
                        () -> HistogramLayout.custom(List.of(1.0), List.of(new BucketSpan(-1, 2)))),
                refused(
                        "custom buckets: must have zero threshold of 0",
                        () -> new HistogramLayout(-53, 1, List.of(), List.of(), List.of(1.0))),
                refused(
                        "custom buckets: must not have negative spans",
                        () -> new HistogramLayout(-53, 0, List.of(), List.of(new BucketSpan(0, 0)), List.of(1.0))),
                refused(
                        "positive side: spans need 3 buckets, have 1 buckets:"
                                + " histogram spans specify different number of buckets than provided",
                        () -> integer(1, 0, 1)),
                refused(
                        "6 observations found in buckets, but the Count field is 5: histogram's observation count should"
                                + " equal the number of observations found in the buckets (in absence of NaN)",
                        () -> integer(5, 0, 1, 2, 3).validate()),
                refused(
                        "6 observations found in buckets, but the Count field is 5: histogram's observation count should"
                                + " be at least the number of observations found in the buckets",
                        () -> integer(5, Double.NaN, 1, 2, 3).validate()),
                refused(
                        "positive side: bucket number 1 has observation count of -1:"
                                + " histogram has a bucket whose observation count is negative",
                        () -> integer(4, 0, -1, 2, 3).validate()),
                refused(
                        "positive side: bucket number 2 has observation count of -2.5:"
                                + " histogram has a bucket whose observation count is negative",
                        () -> floating(4, 0, 1, -2.5, 3).validate()),
                refused(
                        "zero bucket has observation count of -1:"
                                + " histogram has a bucket whose observation count is negative",
                        () -> floating(4, -1, 1, 2, 3).validate()),
                refused(
                        "observation count is  -3: histogram's observation count is negative",
                        () -> floating(-3, 0, 1, 2, 3).validate()),
                refused(
                        "custom buckets: must have zero count of 0",
                        () -> new FloatHistogram(
                                        CounterResetHint.UNKNOWN,
                                        HistogramLayout.custom(List.of(1.0), List.of(new BucketSpan(0, 1))),
                                        1,
                                        1,
                                        1,
                                        new double[] {1},
                                        new double[0])
                                .validate()));
    }

    @Test
    void calculationsMakeAnyCount() {
        assertThat(floating(Double.NaN, -1, -1, Double.NaN, Double.POSITIVE_INFINITY)
                        .positiveCount(0))
                .isEqualTo(-1);
        floating(Double.NaN, 0, 1, Double.NaN, Double.POSITIVE_INFINITY).validate();
        integer(7, Double.NaN, 1, 2, 3).validate();
        integer(6, 0, 1, 2, 3).validate();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatDoesNotBelongTogether(ThrowingCallable making, String message) {
        assertThatThrownBy(making).isInstanceOf(InvalidHistogramException.class).hasMessage(message);
    }

    @Test
    void countsObservationsThatAreInNoBucket() {
        assertThat(integer(7, Double.NaN, 1, 2, 3).count()).isEqualTo(7);
    }

    @Test
    void equalsByValueAndBitsOfTheSum() {
        assertThat(integer(6, 1, 1, 2, 3)).isEqualTo(integer(6, 1, 1, 2, 3)).hasSameHashCodeAs(integer(6, 1, 1, 2, 3));
        assertThat(integer(6, 1, 1, 2, 3)).isNotEqualTo(integer(6, 1, 1, 3, 2));
        assertThat(integer(6, StalenessMarker.VALUE, 1, 2, 3).isStale()).isTrue();
        assertThat(integer(6, StalenessMarker.NORMAL_NAN, 1, 2, 3))
                .isNotEqualTo(integer(6, StalenessMarker.VALUE, 1, 2, 3));
    }

    private static Arguments refused(String message, ThrowingCallable making) {
        return Arguments.of(Named.of(message, making), message);
    }

    private static HistogramLayout exponential(int schema, double zeroThreshold) {
        return HistogramLayout.exponential(schema, zeroThreshold, List.of(), List.of());
    }

    private static IntegerHistogram integer(long count, double sum, long... positive) {
        HistogramLayout layout = HistogramLayout.exponential(2, 0, List.of(new BucketSpan(0, 3)), List.of());
        return new IntegerHistogram(CounterResetHint.UNKNOWN, layout, count, 0, sum, positive, new long[0]);
    }

    private static FloatHistogram floating(double count, double zeroCount, double... positive) {
        HistogramLayout layout = HistogramLayout.exponential(2, 0, List.of(new BucketSpan(0, 3)), List.of());
        return new FloatHistogram(CounterResetHint.UNKNOWN, layout, count, zeroCount, 1, positive, new double[0]);
    }
}
