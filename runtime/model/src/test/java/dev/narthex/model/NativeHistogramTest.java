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
        "1, 1, 1.4142135623730951",
        "1, -1, 0.7071067811865476",
        "3, 8, 2",
        "8, 1, 1.0027112750502025",
        "8, 262144, 1.7976931348623157e308",
        "8, -255, 0.5013556375251013",
    })
    void boundsArePowersOfTheBase(int schema, int index, double bound) {
        assertThat(HistogramLayout.exponential(schema, 0, List.of(), List.of()).bound(index))
                .isEqualTo(bound);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("histogram: unknown schema, found 9", () -> exponential(9, 0)),
                refused("histogram: bad zero threshold, found -1", () -> exponential(0, -1)),
                refused("histogram: bad zero threshold, found NaN", () -> exponential(0, Double.NaN)),
                refused(
                        "histogram: positive span 2 overlaps the span before it",
                        () -> HistogramLayout.exponential(
                                0, 0, List.of(new BucketSpan(0, 2), new BucketSpan(-1, 1)), List.of())),
                refused(
                        "histogram: custom values in schema 0",
                        () -> new HistogramLayout(0, 0, List.of(), List.of(), List.of(1.0))),
                refused(
                        "histogram: bad custom value, found 1 after 2",
                        () -> HistogramLayout.custom(List.of(2.0, 1.0), List.of())),
                refused(
                        "histogram: bad custom value, found +Inf",
                        () -> HistogramLayout.custom(List.of(Double.POSITIVE_INFINITY), List.of())),
                refused(
                        "histogram: spans reach bucket 3, with 1 custom values there are 2",
                        () -> HistogramLayout.custom(List.of(1.0), List.of(new BucketSpan(0, 3)))),
                refused("histogram: positive spans cover 3 buckets, found counts for 1", () -> integer(1, 0, 1)),
                refused(
                        "histogram: 6 observations in buckets, found count 5; they are equal",
                        () -> integer(5, 0, 1, 2, 3)),
                refused(
                        "histogram: 6 observations in buckets, found count 5; they are equal or more",
                        () -> integer(5, Double.NaN, 1, 2, 3)),
                refused("histogram: negative bucket count, found -1", () -> integer(4, 0, -1, 2, 3)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatDoesNotBelongTogether(ThrowingCallable making, String message) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
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
}
