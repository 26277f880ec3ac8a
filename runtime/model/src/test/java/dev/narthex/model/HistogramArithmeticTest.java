// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected texts and numbers are those of a real Prometheus 3.15 to queries on the same histograms. */
class HistogramArithmeticTest {
    private static FloatHistogram histogram(int schema, double zeroThreshold, double zeroCount, double... buckets) {
        double count = zeroCount;
        for (double bucket : buckets) {
            count += bucket;
        }
        HistogramLayout layout = HistogramLayout.exponential(
                schema, zeroThreshold, List.of(new BucketSpan(0, buckets.length)), List.of());
        return new FloatHistogram(CounterResetHint.UNKNOWN, layout, count, zeroCount, count, buckets, new double[0]);
    }

    private static FloatHistogram custom(List<Double> bounds, double... buckets) {
        double count = 0;
        for (double bucket : buckets) {
            count += bucket;
        }
        HistogramLayout layout = HistogramLayout.custom(bounds, List.of(new BucketSpan(0, buckets.length)));
        return new FloatHistogram(CounterResetHint.UNKNOWN, layout, count, 0, count, buckets, new double[0]);
    }

    @Test
    void addsBucketByBucket() {
        FloatHistogram sum = HistogramArithmetic.add(histogram(0, 0.001, 1, 1, 2), histogram(0, 0.001, 2, 3, 4, 5))
                .histogram();
        assertThat(sum).hasToString("{count:18, sum:18, [-0.001,0.001]:3, (0.5,1]:4, (1,2]:6, (2,4]:5}");
    }

    @Test
    void goesToTheCoarserSchema() {
        FloatHistogram sum = HistogramArithmetic.add(histogram(1, 0, 0, 1, 2, 3), histogram(0, 0, 0, 10, 20))
                .histogram();
        assertThat(sum.layout().schema()).isZero();
        assertThat(sum).hasToString("{count:36, sum:36, (0.5,1]:11, (1,2]:25}");
        assertThat(histogram(2, 0, 0, 1, 2, 3, 4, 5).reducedTo(0))
                .hasToString("{count:15, sum:15, (0.5,1]:1, (1,2]:14}");
    }

    @Test
    void widensTheZeroBucketToTheEndOfABucketThatItWouldCut() {
        FloatHistogram sum = HistogramArithmetic.add(histogram(0, 0.75, 5), histogram(0, 0.001, 1, 2, 3))
                .histogram();
        assertThat(sum.layout().zeroThreshold()).isEqualTo(1);
        assertThat(sum).hasToString("{count:11, sum:11, [-1,1]:8, (1,2]:3}");
    }

    /** Seen where it is multiplied by a number that is none. */
    @Test
    void dropsEmptyBucketsOfTheOneThatIsAddedToWithItsNarrowerZeroBucket() {
        FloatHistogram narrow = histogram(0, 0.001, 0, 1, 0, 0, 1, 0);
        FloatHistogram wide = histogram(0, 0.5, 1, 1);
        assertThat(HistogramArithmetic.add(narrow, wide).histogram().layout().positiveBuckets())
                .isEqualTo(2);
        assertThat(HistogramArithmetic.add(wide, narrow).histogram().layout().positiveBuckets())
                .isEqualTo(5);
    }

    @Test
    void keepsOnlyTheCommonOnesOfDifferentCustomBounds() {
        HistogramArithmetic.Outcome outcome =
                HistogramArithmetic.add(custom(List.of(1.0, 2.0), 1, 2, 3), custom(List.of(1.0, 3.0), 4, 5, 6));
        assertThat(outcome.boundsReconciled()).isTrue();
        assertThat(outcome.histogram()).hasToString("{count:21, sum:21, [-Inf,1]:5, (1,+Inf]:16}");
        assertThat(outcome.histogram().layout().customValues()).containsExactly(1.0);
    }

    @Test
    void hasNoSumOfCustomAndOtherBuckets() {
        assertThatThrownBy(() -> HistogramArithmetic.add(custom(List.of(1.0), 1), histogram(0, 0, 0, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void subtractsToAGauge() {
        FloatHistogram difference = HistogramArithmetic.subtract(histogram(0, 0, 0, 1, 2), histogram(0, 0, 0, 3, 2))
                .histogram();
        assertThat(difference.counterResetHint()).isEqualTo(CounterResetHint.GAUGE);
        assertThat(difference.compact()).hasToString("{count:-2, sum:-2, (0.5,1]:-2}");
    }

    @Test
    void tellsOfConflictingResets() {
        FloatHistogram reset = histogram(0, 0, 0, 1).withHint(CounterResetHint.RESET);
        FloatHistogram not = histogram(0, 0, 0, 1).withHint(CounterResetHint.NOT_RESET);
        assertThat(HistogramArithmetic.add(reset, not).resetsConflict()).isTrue();
        assertThat(HistogramArithmetic.add(not, not).resetsConflict()).isFalse();
        assertThat(HistogramArithmetic.add(not, not).histogram().counterResetHint())
                .isEqualTo(CounterResetHint.NOT_RESET);
    }

    @Test
    void multipliesAndDivides() {
        assertThat(histogram(0, 0.001, 2, 4).times(-0.5)).hasToString("{count:-3, sum:-3, (0.5,1]:-2}");
        assertThat(histogram(0, 0.001, 2, 4).times(-1).counterResetHint()).isEqualTo(CounterResetHint.GAUGE);
        assertThat(histogram(0, 0.001, 2, 4).dividedBy(2)).hasToString("{count:3, sum:3, [-0.001,0.001]:1, (0.5,1]:2}");
        assertThat(histogram(0, 0.001, 2, 4).dividedBy(0)).hasToString("{count:+Inf, sum:+Inf, [-0.001,0.001]:+Inf}");
    }

    @Test
    void seesCounterResets() {
        FloatHistogram before = histogram(0, 0.001, 1, 2, 3);
        assertThat(histogram(0, 0.001, 1, 2, 4).isResetAfter(before)).isFalse();
        assertThat(histogram(0, 0.001, 1, 1, 5).isResetAfter(before))
                .as("a bucket fell")
                .isTrue();
        assertThat(histogram(1, 0.001, 1, 9, 9).isResetAfter(before))
                .as("finer")
                .isTrue();
        assertThat(histogram(-1, 0.001, 1, 2, 4).isResetAfter(before))
                .as("coarser")
                .isFalse();
        assertThat(histogram(0, 0.0001, 1, 2, 4).isResetAfter(before))
                .as("narrower zero bucket")
                .isTrue();
        assertThat(histogram(0, 0.001, 1, 1, 5)
                        .withHint(CounterResetHint.NOT_RESET)
                        .isResetAfter(before))
                .as("what the hint says")
                .isFalse();
        assertThat(custom(List.of(5.0, 10.0), 1).isResetAfter(custom(List.of(5.0), 1)))
                .as("more bounds")
                .isFalse();
    }

    @Test
    void sumsWithoutLosingWhatIsSmall() {
        HistogramSum sum = new HistogramSum();
        for (double one : new double[] {1, 1e100, 1, -1e100}) {
            sum.add(histogram(0, 0, 0, 1, 2).withSum(one));
        }
        assertThat(sum.result(1)).hasToString("{count:12, sum:2, (0.5,1]:4, (1,2]:8}");
    }

    @Test
    void keepsCompensationAcrossLayouts() {
        HistogramSum sum = new HistogramSum();
        sum.add(histogram(1, 0, 0, 1e100, 1));
        sum.add(histogram(0, 0, 0, 1, 1));
        sum.add(histogram(0, 0, 0, -1e100, 1));
        assertThat(sum.result(1).positiveCount(0)).isEqualTo(1);
    }

    @Test
    void averagesWhatHasNoSum() {
        HistogramMean mean = new HistogramMean();
        mean.add(histogram(0, 0, 0, 1.5e308));
        mean.add(histogram(0, 0, 0, 1.5e308));
        assertThat(mean.result().count()).isCloseTo(1.5e308, within(1e295));
    }

    @Test
    void estimatesQuantilesAndFractions() {
        FloatHistogram histogram = histogram(0, 0.001, 2, 2, 3, 0, 1, 4);
        assertThat(HistogramStatistics.quantile(histogram, 0.5).value()).isCloseTo(1.5874010519681994, within(1e-12));
        assertThat(HistogramStatistics.quantile(histogram, 0.1).value()).isCloseTo(0.0006, within(1e-12));
        assertThat(HistogramStatistics.fraction(histogram, 0, 1.5)).isCloseTo(0.4795739585136224, within(1e-12));
        assertThat(HistogramStatistics.fraction(custom(List.of(-3.0, -1.0, 0.0, 2.0), 10, 10, 10, 10, 10), -0.25, 0.5))
                .as("nothing below zero in a bucket around it")
                .isEqualTo(0.25);
    }

    @Test
    void noticesObservationsThatAreNotANumber() {
        FloatHistogram histogram = new FloatHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of()),
                15,
                0,
                Double.NaN,
                new double[] {12},
                new double[0]);
        assertThat(HistogramStatistics.quantile(histogram, 0.8))
                .isEqualTo(new HistogramStatistics.Quantile(1, HistogramStatistics.NotNumbers.SKEWED));
        assertThat(HistogramStatistics.quantile(histogram, 0.81))
                .isEqualTo(new HistogramStatistics.Quantile(Double.NaN, HistogramStatistics.NotNumbers.UNDEFINED));
        assertThat(HistogramStatistics.hasNotNumbers(histogram)).isTrue();
    }

    @Test
    void showsABucketThatTheZeroBucketReachesIntoFromItsEndOn() {
        FloatHistogram histogram = histogram(0, 0.75, 1, 2);
        assertThat(histogram.buckets().getLast()).isEqualTo(new HistogramBucket(0.75, 1, false, true, 2));
        assertThat(histogram).hasToString("{count:3, sum:3, [-0.75,0.75]:1, (0.5,1]:2}");
    }

    @Test
    void writesTheFormOfTheTestLanguage() {
        assertThat(HistogramText.test(histogram(1, 0.001, 1, 2, 0, 3)))
                .isEqualTo("{{schema:1 count:6 sum:6 z_bucket:1 z_bucket_w:0.001 buckets:[2 0 3]}}");
        assertThat(HistogramText.test(custom(List.of(5.0), 0, 2).withHint(CounterResetHint.GAUGE)))
                .isEqualTo(
                        "{{schema:-53 count:2 sum:2 custom_values:[5] counter_reset_hint:gauge offset:1 buckets:[2]}}");
    }

    @Test
    void isTheSameWhenAllBucketsAreTheSameToTheBit() {
        assertThat(histogram(0, 0, 0, 1, 0, 2).isSame(histogram(0, 0, 0, 1, 0, 2)))
                .isTrue();
        assertThat(histogram(0, 0, 0, 1, 0, 2).isSame(histogram(0, 0, 0, 1, 0, 2, 0)))
                .isFalse();
        assertThat(histogram(0, 0, 0, 1, 2).isSame(histogram(0, 0, 0, 2, 1))).isFalse();
        FloatHistogram noNumber = histogram(0, 0, 0, 1, 2).times(Double.NaN);
        assertThat(noNumber.isSame(histogram(0, 0, 0, 1, 2).times(Double.NaN))).isTrue();
    }

    @Test
    void isTheSameOnlyInTheSameSpans() {
        FloatHistogram one = custom(List.of(1.0, 2.0), 3, 4);
        FloatHistogram two = new FloatHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.custom(List.of(1.0, 2.0), List.of(new BucketSpan(0, 1), new BucketSpan(0, 1))),
                7,
                0,
                7,
                new double[] {3, 4},
                new double[0]);
        assertThat(one.isSame(two)).isFalse();
        assertThat(one.isSame(two.compact())).isTrue();
    }
}
