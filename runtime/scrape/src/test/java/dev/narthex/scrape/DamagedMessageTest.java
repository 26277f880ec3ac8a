// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.http.BufferPool;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Protobuf expositions at the edge of what is taken: found by comparison with Prometheus 3.15. */
class DamagedMessageTest {
    private static final int COUNTER = 0;
    private static final int GAUGE = 1;
    private static final int UNTYPED = 3;
    private static final int HISTOGRAM = 4;
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final long NOW_SECONDS = NOW_MS / 1000;

    private static MetricFamilyBytes message() {
        return new MetricFamilyBytes();
    }

    private static byte[] family(String name, int type, MetricFamilyBytes... metrics) {
        MetricFamilyBytes family = message().text(1, name).varint(3, type);
        for (MetricFamilyBytes metric : metrics) {
            family.message(4, metric);
        }
        return family.delimited();
    }

    private static BodyResult scrape(byte[] body) {
        try (ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1)) {
            return BodyResult.of(
                    work,
                    ExposedBody.message(body),
                    IngestRules.DEFAULT.withHistograms(true, false, false),
                    0,
                    NOW_MS,
                    NOW_MS);
        }
    }

    private static Set<String> samples(byte[] body, String name, String labels) {
        return scrape(body)
                .samples()
                .getOrDefault(
                        "{__name__=\"" + name + "\", " + (labels.isEmpty() ? "" : labels + ", ")
                                + "instance=\"0\", job=\"j\"}",
                        Set.of());
    }

    private static MetricFamilyBytes exemplar(int trace, double value, int secondsAgo) {
        return message()
                .label("trace", Integer.toString(trace))
                .fixed(2, value)
                .timestamp(3, NOW_SECONDS - secondsAgo, 0);
    }

    /** One bucket with all observations. */
    private static MetricFamilyBytes nativeForm(int count) {
        return message()
                .varint(1, count)
                .fixed(2, 1)
                .zigzag(5, 3)
                .span(12, 1, 1)
                .zigzag(13, count);
    }

    @Test
    void anUntypedMetricWithoutAValueHasThatOfTheOneBefore() {
        byte[] body = family(
                "u",
                UNTYPED,
                message().label("i", "0").message(5, message().fixed(1, 7)),
                message().label("i", "1").message(5, message()));
        assertThat(samples(body, "u", "i=\"1\"")).containsExactly("7");
    }

    @Test
    void aGaugeWithoutAValueIsZero() {
        byte[] body = family(
                "g",
                GAUGE,
                message().label("i", "0").message(2, message().fixed(1, 7)),
                message().label("i", "1").message(2, message()));
        assertThat(samples(body, "g", "i=\"1\"")).containsExactly("0");
    }

    @Test
    void aLabelWithoutNameAndValueIsNone() {
        MetricFamilyBytes metric =
                message().message(1, message()).message(2, message().fixed(1, 7));
        assertThat(samples(family("g", GAUGE, metric), "g", "")).containsExactly("7");
        assertThat(scrape(family(
                                "g",
                                GAUGE,
                                message().label("", "x").message(2, message().fixed(1, 7))))
                        .up())
                .isFalse();
    }

    @Test
    void damageInWhatNoSampleComesOfRefusesTheExposition() {
        MetricFamilyBytes broken = message().bytes(1, new byte[] {0x0a, 0x7f});
        List<MetricFamilyBytes> metrics = List.of(
                message().message(3, message().fixed(1, 1).message(2, broken)),
                message().message(7, nativeForm(1).message(3, message().message(3, broken))),
                message().message(7, nativeForm(1).message(16, broken)),
                message().message(4, message().bytes(3, new byte[] {0x09, 0})));
        for (MetricFamilyBytes metric : metrics) {
            assertThat(scrape(family("a", GAUGE, metric)).up()).isFalse();
        }
        assertThat(scrape(family("a", HISTOGRAM, metrics.get(1))).up()).isFalse();
        assertThat(scrape(family("a", COUNTER, metrics.get(0))).up()).isFalse();
    }

    @Test
    void floatCountsOtherThanZeroCountInPlaceOfWholeOnes() {
        MetricFamilyBytes bucket = message().varint(1, 5).fixed(2, 1).fixed(4, Double.NEGATIVE_INFINITY);
        MetricFamilyBytes histogram =
                message().varint(1, 2).fixed(4, Double.NaN).message(3, bucket);
        byte[] body = family("h", HISTOGRAM, message().message(7, histogram));
        assertThat(samples(body, "h_count", "")).containsExactly("NaN");
        assertThat(scrape(body).samples())
                .containsEntry("{__name__=\"h_bucket\", instance=\"0\", job=\"j\", le=\"1.0\"}", Set.of("-Inf"));
    }

    @Test
    void numbersOfAnotherWireTypeAreRefused() {
        MetricFamilyBytes histogram = nativeForm(1).fixed(13, 1);
        assertThat(scrape(family("h", HISTOGRAM, message().message(7, histogram)))
                        .up())
                .isFalse();
    }

    @Test
    void bucketsOfASideWithoutSpansArePassedOverBehindANativeHistogram() {
        MetricFamilyBytes stray = nativeForm(1).zigzag(10, 1);
        MetricFamilyBytes first = message().label("i", "0").message(7, nativeForm(2));
        byte[] behind = family("h", HISTOGRAM, first, message().label("i", "1").message(7, stray));
        assertThat(scrape(behind).up()).isTrue();
        assertThat(scrape(family("h", HISTOGRAM, message().message(7, stray))).up())
                .isFalse();
    }

    @Test
    void exemplarsOfANativeHistogramAscendByTimeThenValue() {
        MetricFamilyBytes histogram = nativeForm(2)
                .message(3, message().varint(1, 1).fixed(2, 1).message(3, exemplar(1, 5, 1)))
                .message(3, message().varint(1, 2).fixed(2, 2).message(3, exemplar(2, 3, 1)))
                .message(3, message().varint(1, 2).fixed(2, 3).message(3, exemplar(3, 9, 2)));
        BodyResult result = scrape(family("h", HISTOGRAM, message().message(7, histogram)));
        assertThat(result.exemplars().values())
                .containsExactly(Set.of(
                        "{trace=1} 5@" + (NOW_MS - 1000),
                        "{trace=2} 3@" + (NOW_MS - 1000),
                        "{trace=3} 9@" + (NOW_MS - 2000)));
    }

    @Test
    void everyNativeHistogramOfAFamilyKeepsItsExemplars() {
        MetricFamilyBytes first = nativeForm(2)
                .message(3, message().varint(1, 1).fixed(2, 1))
                .message(3, message().varint(1, 2).fixed(2, 2));
        MetricFamilyBytes second =
                nativeForm(2).message(3, message().varint(1, 2).fixed(2, 1).message(3, exemplar(4, 5, 1)));
        byte[] body = family(
                "h",
                HISTOGRAM,
                message().label("i", "0").message(7, first),
                message().label("i", "1").message(7, second));
        assertThat(scrape(body).exemplars().values()).containsExactly(Set.of("{trace=4} 5@" + (NOW_MS - 1000)));
    }

    @Test
    void aNameWithAZeroByteHasMetadataToo() {
        byte[] body = family("g\0", GAUGE, message().message(2, message().fixed(1, 7)));
        assertThat(scrape(body).metadata()).containsEntry("g\0", "gauge  ");
    }

    @Test
    void ofAFieldNumberThatIsTooLargeTheLowerBitsCount() {
        MetricFamilyBytes metric = message()
                .message(2, message().fixed(1, 7))
                .raw((1L << 35) | (99 << 3))
                .raw(5);
        assertThat(samples(family("g", GAUGE, metric), "g", "")).containsExactly("7");
    }

    @Test
    void aPackedNumberMayGoBeyondItsField() {
        MetricFamilyBytes histogram = message()
                .varint(1, 1)
                .fixed(2, 1)
                .fixed(4, 1)
                .zigzag(5, 3)
                .span(12, 1, 1)
                // Says four bytes, and eight are taken.
                .raw(14 << 3 | 2)
                .raw(4)
                .append(message().bytes(1, new byte[6]));
        assertThat(scrape(family("h", HISTOGRAM, message().message(7, histogram)))
                        .up())
                .isTrue();
    }

    @Test
    void ofSpansThatDoNotAscendOnlyTheBucketsThatHoldSomethingCount() {
        MetricFamilyBytes head = message().varint(1, 1).fixed(2, 1).zigzag(5, 3);
        MetricFamilyBytes empty =
                message().append(head).varint(7, 1).span(12, 4, 0).span(12, -35, 0);
        MetricFamilyBytes backwards = message()
                .append(head)
                .span(12, 4, 1)
                .span(12, -3, 1)
                .span(12, 4, 1)
                .zigzag(13, 1)
                .zigzag(13, -1)
                .zigzag(13, 0);
        MetricFamilyBytes floats = message()
                .fixed(4, 1)
                .fixed(2, 1)
                .zigzag(5, 3)
                .span(12, 4, 0)
                .span(12, -35, 1)
                .fixed(14, 1);
        assertThat(samples(family("h", HISTOGRAM, message().message(7, empty)), "h", ""))
                .containsExactly("1 1 (0,0)=1");
        assertThat(samples(family("h", HISTOGRAM, message().message(7, backwards)), "h", ""))
                .containsExactly("1 1 (1.29683955465e+00,1.41421356237e+00)=1");
        assertThat(samples(family("h", HISTOGRAM, message().message(7, floats)), "h", ""))
                .containsExactly("1 1 (6.25000000000e-02,6.81567332916e-02)=1");
    }

    @Test
    void bucketsThatHoldSomethingAndDoNotAscendAreRefused() {
        MetricFamilyBytes histogram = message()
                .varint(1, 2)
                .fixed(2, 1)
                .zigzag(5, 3)
                .span(12, 4, 1)
                .span(12, -3, 1)
                .zigzag(13, 1)
                .zigzag(13, 0);
        assertThat(scrape(family("h", HISTOGRAM, message().message(7, histogram)))
                        .up())
                .isFalse();
    }

    @Test
    void aUnitKeepsItsLineFeeds() {
        byte[] body = message()
                .text(1, "g")
                .varint(3, GAUGE)
                .message(4, message().message(2, message().fixed(1, 7)))
                .text(5, "a\n\"b\\")
                .delimited();
        assertThat(scrape(body).metadata()).containsEntry("g", "gauge a\n\"b\\ ");
    }

    @Test
    void anExemplarThatIsThereTwiceIsBothTogether() {
        MetricFamilyBytes labels = message().label("trace", "1").timestamp(3, NOW_SECONDS - 2, 0);
        MetricFamilyBytes value = message().label("span", "2").fixed(2, 6);
        MetricFamilyBytes bucket =
                message().varint(1, 1).fixed(2, 1).message(3, labels).message(3, value);
        byte[] histogram = family(
                "h", HISTOGRAM, message().message(7, message().varint(1, 2).message(3, bucket)));
        byte[] counter = family(
                "c",
                COUNTER,
                message().message(3, message().fixed(1, 1).message(2, labels).message(2, value)));
        for (byte[] body : List.of(histogram, counter)) {
            assertThat(scrape(body).exemplars().values())
                    .containsExactly(Set.of("{span=2, trace=1} 6@" + (NOW_MS - 2000)));
        }
    }

    @Test
    void aTimestampThatIsThereTwiceIsBothTogetherAndItsNanosecondsAre32Bits() {
        MetricFamilyBytes twice = exemplar(1, 5, 1).message(3, message().varint(2, 5_000_000));
        MetricFamilyBytes wide = message()
                .label("trace", "1")
                .fixed(2, 5)
                .message(3, message().varint(1, NOW_SECONDS - 1).varint(2, (1L << 32) + 7_000_000));
        assertThat(scrape(family(
                                "c",
                                COUNTER,
                                message().message(3, message().fixed(1, 1).message(2, twice))))
                        .exemplars()
                        .values())
                .containsExactly(Set.of("{trace=1} 5@" + (NOW_MS - 995)));
        assertThat(scrape(family(
                                "c",
                                COUNTER,
                                message().message(3, message().fixed(1, 1).message(2, wide))))
                        .exemplars()
                        .values())
                .containsExactly(Set.of("{trace=1} 5@" + (NOW_MS - 993)));
    }
}
