// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.http.BufferPool;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of classic histograms that do not add up: found by comparison with Prometheus 3.15. */
class ClassicConversionTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    private static BodyResult convert(ExposedBody body) {
        return convert(body, false);
    }

    private static BodyResult convert(ExposedBody body, boolean keep) {
        try (ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1)) {
            return BodyResult.of(work, body, IngestRules.DEFAULT.withHistograms(false, keep, true), 0, NOW_MS, NOW_MS);
        }
    }

    /** Samples by series, but for those that the server adds; labels of the target left out. */
    private static Map<String, Set<String>> samples(String... lines) {
        return samples(ExposedBody.text((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Set<String>> samples(ExposedBody body) {
        Map<String, Set<String>> samples = new TreeMap<>();
        convert(body).samples().forEach((series, values) -> {
            String shown = series.replace("instance=\"0\", job=\"j\"", "").replace(", }", "}");
            if (!shown.contains("scrape_") && !shown.contains("\"up\"")) {
                samples.put(shown.replace(", , ", ", "), values);
            }
        });
        return samples;
    }

    private static String series(String name, String more) {
        return "{__name__=\"" + name + "\"" + (more.isEmpty() ? "" : ", " + more) + "}";
    }

    @Test
    void countsThatFallMakeAHistogramLeftOutAndNothingElse() {
        assertThat(samples(
                        "# TYPE h histogram",
                        "h_bucket{m=\"1\",le=\"1\"} 4",
                        "h_bucket{m=\"1\",le=\"2\"} 3",
                        "h_bucket{le=\"1\"} 2",
                        "h_count 2"))
                .isEqualTo(Map.of(series("h", ""), Set.of("2 0 (-Infinity,1.00000000000e+00)=2")));
    }

    @Test
    void aBucketAboveTheCountMakesTheNextHistogramContinueIt() {
        // The first sample of the second is lost: it contradicts what is left of the first.
        assertThat(samples(
                        "# TYPE h histogram",
                        "h_bucket{m=\"1\",le=\"1\"} 4",
                        "h_count{m=\"1\"} 3",
                        "h_bucket{le=\"0\"} 9",
                        "h_bucket{le=\"2\"} 10",
                        "h_count 10"))
                .isEqualTo(Map.of(series("h", ""), Set.of("10 0 (-Infinity,2.00000000000e+00)=10")));
        // Here the count of the second makes the first come to something, under its own labels.
        assertThat(samples(
                        "# TYPE h histogram",
                        "h_bucket{m=\"1\",le=\"1\"} 4",
                        "h_count{m=\"1\"} 3",
                        "h_count 6",
                        "h_sum 5"))
                .isEqualTo(Map.of(
                        series("h", "m=\"1\""),
                        Set.of("6 0 (-Infinity,1.00000000000e+00)=4 (1.00000000000e+00,Infinity)=2"),
                        series("h", ""),
                        Set.of("0 5")));
    }

    @Test
    void theLastBucketMustEqualTheCount() {
        assertThat(samples("# TYPE h histogram", "h_bucket{le=\"+Inf\"} 4", "h_count 5"))
                .isEmpty();
        assertThat(samples("# TYPE h histogram", "h_bucket{le=\"+Inf\"} 4", "h_count 5", "h_count 4"))
                .isEqualTo(Map.of(series("h", ""), Set.of("4 0 (-Infinity,Infinity)=4")));
    }

    @Test
    void ofBucketsWithOneBoundTheFirstStaysInAnyNotation() {
        assertThat(samples("# TYPE h histogram", "h_bucket{le=\"1_0\"} 1", "h_bucket{le=\"10\"} 2", "h_count 3"))
                .isEqualTo(Map.of(
                        series("h", ""), Set.of("3 0 (-Infinity,1.00000000000e+01)=1 (1.00000000000e+01,Infinity)=2")));
    }

    @Test
    void countsBelowZeroOrNotANumberMakeAHistogramLeftOut() {
        for (String line : new String[] {"h_bucket{le=\"1\"} -1", "h_count -1", "h_count NaN"}) {
            assertThat(samples("# TYPE h histogram", line, "h_sum 1")).as(line).isEmpty();
        }
    }

    @Test
    void theTimestampOfASampleThatEndsAHistogramCounts() {
        assertThat(samples(
                        "# TYPE h histogram",
                        "h_bucket{m=\"1\",le=\"+Inf\"} 4 " + (NOW_MS - 5),
                        "h_bucket{le=\"+Inf\"} 4 " + (NOW_MS - 7),
                        "# EOF"))
                .isEqualTo(Map.of(
                        series("h", "m=\"1\""),
                        Set.of("4 0 (-Infinity,Infinity)=4@" + (NOW_MS - 7)),
                        series("h", ""),
                        Set.of("4 0 (-Infinity,Infinity)=4@" + (NOW_MS - 7))));
    }

    @Test
    void aFamilyWhoseNameNeedsEscapesIsNotConverted() {
        assertThat(samples("# TYPE \"h.\\\"\" histogram", "{\"h.\\\"_count\"} 1"))
                .isEqualTo(Map.of(series("h.\\\"_count", ""), Set.of("1")));
    }

    @Test
    void commentsOfHistogramsThatComeToNothingAreKept() {
        BodyResult result = convert(ExposedBody.text("""
                # HELP h lost
                # TYPE h histogram
                h_bucket{le="1"} 4
                h_count 3
                # HELP g other
                # TYPE g histogram
                g_bucket{le="+Inf"} 3
                # TYPE z gauge
                z 1
                """.getBytes(StandardCharsets.UTF_8)));
        assertThat(result.metadata())
                .containsEntry("h", "histogram  lost")
                .containsEntry("g", "histogram  other")
                .containsEntry("z", "gauge  ");
    }

    @Test
    void aBoundThatIsNoNumberMakesAMessageRefused() {
        MetricFamilyBytes bucket = new MetricFamilyBytes().varint(1, 1).fixed(2, Double.NaN);
        MetricFamilyBytes histogram = new MetricFamilyBytes().varint(1, 1).message(3, bucket);
        byte[] body = new MetricFamilyBytes()
                .text(1, "h")
                .varint(3, 4)
                .message(4, new MetricFamilyBytes().message(7, histogram))
                .delimited();
        assertThat(convert(ExposedBody.message(body)).up()).isFalse();
    }

    @Test
    void histogramsOfAMessageAreApartThoughTheirLabelsAreEqual() {
        MetricFamilyBytes histogram = new MetricFamilyBytes()
                .varint(1, 3)
                .message(3, new MetricFamilyBytes().varint(1, 2).fixed(2, 1))
                .message(3, new MetricFamilyBytes().varint(1, 3).fixed(2, 2));
        MetricFamilyBytes other = new MetricFamilyBytes()
                .varint(1, 9)
                .message(3, new MetricFamilyBytes().varint(1, 9).fixed(2, 1.5));
        byte[] body = new MetricFamilyBytes()
                .text(1, "h")
                .varint(3, 4)
                .message(4, new MetricFamilyBytes().message(7, histogram))
                .message(4, new MetricFamilyBytes().message(7, other))
                .delimited();
        assertThat(samples(ExposedBody.message(body)))
                .isEqualTo(Map.of(
                        series("h", ""),
                        Set.of("3 0 (-Infinity,1.00000000000e+00)=2 (1.00000000000e+00,2.00000000000e+00)=1")));
    }

    private static MetricFamilyBytes exemplar(String trace, int secondsAgo) {
        return new MetricFamilyBytes().label("trace", trace).fixed(2, 1).timestamp(3, NOW_MS / 1000 - secondsAgo, 0);
    }

    private static MetricFamilyBytes bucket(double bound, String trace, int secondsAgo) {
        return new MetricFamilyBytes().varint(1, 1).fixed(2, bound).message(3, exemplar(trace, secondsAgo));
    }

    /** Exemplars by series of one family with a histogram each; keeping the classic series or not. */
    private static Map<String, Set<String>> exemplars(boolean keep, MetricFamilyBytes... histograms) {
        MetricFamilyBytes family = new MetricFamilyBytes().text(1, "h").varint(3, 4);
        for (int i = 0; i < histograms.length; i++) {
            family.message(
                    4, new MetricFamilyBytes().label("m", Integer.toString(i)).message(7, histograms[i]));
        }
        Map<String, Set<String>> exemplars = new TreeMap<>();
        convert(ExposedBody.message(family.delimited()), keep)
                .exemplars()
                .forEach((series, values) -> exemplars.put(series.replace(", instance=\"0\", job=\"j\"", ""), values));
        return exemplars;
    }

    @Test
    void exemplarsThatAMessagesHistogramHasItselfCountInPlaceOfThoseOfItsBuckets() {
        MetricFamilyBytes both = new MetricFamilyBytes()
                .varint(1, 1)
                .message(3, bucket(1, "b", 6))
                .message(16, exemplar("own", 3))
                .message(16, exemplar("own", 5));
        MetricFamilyBytes withoutBuckets = new MetricFamilyBytes().varint(1, 1).message(16, exemplar("own", 4));
        MetricFamilyBytes ofBucket = new MetricFamilyBytes().varint(1, 1).message(3, bucket(1, "c", 7));
        assertThat(exemplars(false, both, withoutBuckets, ofBucket))
                .isEqualTo(Map.of(
                        series("h", "m=\"0\""),
                        Set.of("{trace=own} 1@" + (NOW_MS - 3000), "{trace=own} 1@" + (NOW_MS - 5000)),
                        series("h", "m=\"1\""),
                        Set.of("{trace=own} 1@" + (NOW_MS - 4000)),
                        series("h", "m=\"2\""),
                        Set.of("{trace=c} 1@" + (NOW_MS - 7000))));
    }

    @Test
    void exemplarsOfBucketsStayWithClassicSeriesThatAreKept() {
        MetricFamilyBytes both = new MetricFamilyBytes()
                .varint(1, 1)
                .message(3, bucket(1, "b", 6))
                .message(16, exemplar("own", 3));
        assertThat(exemplars(true, both))
                .isEqualTo(Map.of(
                        series("h", "m=\"0\""),
                        Set.of("{trace=own} 1@" + (NOW_MS - 3000)),
                        "{__name__=\"h_bucket\", le=\"1.0\", m=\"0\"}",
                        Set.of("{trace=b} 1@" + (NOW_MS - 6000))));
    }

    @Test
    void exemplarsOfTheHistogramWithoutATimestampHideThoseOfBuckets() {
        MetricFamilyBytes untimed =
                new MetricFamilyBytes().label("trace", "own").fixed(2, 1);
        MetricFamilyBytes histogram = new MetricFamilyBytes()
                .varint(1, 1)
                .message(3, bucket(1, "b", 6))
                .message(16, untimed);
        assertThat(exemplars(false, histogram)).isEmpty();
    }

    @Test
    void exemplarsOfBucketsBehindTheInfiniteOneCount() {
        MetricFamilyBytes histogram = new MetricFamilyBytes()
                .varint(1, 1)
                .message(3, bucket(Double.POSITIVE_INFINITY, "all", 6))
                .message(3, bucket(1, "b", 5));
        assertThat(exemplars(false, histogram).values())
                .containsExactly(Set.of("{trace=all} 1@" + (NOW_MS - 6000), "{trace=b} 1@" + (NOW_MS - 5000)));
    }
}
