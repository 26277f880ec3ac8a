// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.BufferPool;
import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.Exemplar;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of histograms, exemplars, metadata and start timestamps, scrape after scrape. */
class IngestionTest {
    private static final Labels TARGET = Labels.of("instance", "a:1", "job", "j");

    private final MemoryStorage storage = new MemoryStorage();
    private final ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1);
    private final SampleIngester ingester = new SampleIngester(labeler(), IngestRules.DEFAULT);

    private static SeriesLabeler labeler() {
        Target target = new Target(
                TARGET, TARGET, TARGET, URI.create("http://a:1"), Duration.ofSeconds(1), Duration.ofSeconds(1));
        return new SeriesLabeler(target, ScrapeConfig.of("j", GlobalConfig.DEFAULT));
    }

    private void rules(IngestRules rules) {
        ingester.configure(labeler(), rules);
    }

    private void scrape(ExpositionFormat format, byte[] body, long timeMs) throws IOException {
        try (Appender appender = storage.appender()) {
            ingester.ingest(work, format, body, body.length, appender, timeMs);
            appender.commit();
        }
    }

    private void openMetrics(String body, long timeMs) throws IOException {
        scrape(ExpositionFormat.OPEN_METRICS, (body + "# EOF\n").getBytes(StandardCharsets.UTF_8), timeMs);
    }

    private static Labels series(String name, String... labels) {
        return Labels.of(labels).toBuilder()
                .set("__name__", name)
                .set("instance", "a:1")
                .set("job", "j")
                .build();
    }

    private static byte[] nativeHistogram(int count) {
        MetricFamilyBytes histogram =
                new MetricFamilyBytes().varint(1, count).fixed(2, 2.5).zigzag(5, 3);
        histogram.span(12, 0, 4);
        histogram.zigzag(13, count).zigzag(13, -count).zigzag(13, 0).zigzag(13, 0);
        return new MetricFamilyBytes()
                .text(1, "h")
                .varint(3, 4)
                .message(4, new MetricFamilyBytes().message(7, histogram))
                .delimited();
    }

    /** One observation in each of four buckets. */
    private static byte[] fourBuckets() {
        MetricFamilyBytes histogram =
                new MetricFamilyBytes().varint(1, 4).fixed(2, 2.5).zigzag(5, 3);
        histogram.span(12, 0, 4);
        histogram.zigzag(13, 1).zigzag(13, 0).zigzag(13, 0).zigzag(13, 0);
        return new MetricFamilyBytes()
                .text(1, "h")
                .varint(3, 4)
                .message(4, new MetricFamilyBytes().message(7, histogram))
                .delimited();
    }

    @Test
    void keepsTheFirstValueOfALabelThatTheTargetHasTooEvenIfItIsThereAgain() throws IOException {
        openMetrics("a{job=\"x\",job=\"\"} 1\nb{job=\"\",job=\"y\"} 2\nc{job=\"x\",job=\"y\",job=\"\"} 3\n", 1000);

        assertThat(storage.series())
                .contains(series("a", "exported_job", "x"), series("b"), series("c", "exported_job", "x"));
    }

    @Test
    void aHistogramThatGoesGetsAMarkerOfItsKind() throws IOException {
        rules(IngestRules.DEFAULT.withHistograms(true, false, false));
        scrape(ExpositionFormat.PROTOBUF, nativeHistogram(3), 1000);
        scrape(ExpositionFormat.PROTOBUF, nativeHistogram(4), 2000);
        scrape(ExpositionFormat.TEXT, new byte[0], 3000);

        Map<Long, NativeHistogram> histograms = storage.histograms(series("h"));
        assertThat(histograms).containsOnlyKeys(1000L, 2000L, 3000L);
        assertThat(histograms.values().stream().map(NativeHistogram::isStale)).containsExactly(false, false, true);
        assertThat(storage.values(series("h"))).isEmpty();
    }

    @Test
    void histogramsAreMadeCoarserToKeepTheRules() throws IOException {
        rules(IngestRules.DEFAULT.withHistograms(true, false, false).withBuckets(2, 0));
        scrape(ExpositionFormat.PROTOBUF, fourBuckets(), 1000);
        HistogramLayout limited =
                storage.histograms(series("h")).values().iterator().next().layout();
        assertThat(limited.positiveBuckets()).isEqualTo(2);
        assertThat(limited.schema()).isEqualTo(1);

        rules(IngestRules.DEFAULT.withHistograms(true, false, false).withBuckets(0, 1.9));
        scrape(ExpositionFormat.PROTOBUF, fourBuckets(), 2000);
        assertThat(storage.histograms(series("h")).values())
                .last()
                .satisfies(histogram -> assertThat(histogram.layout().schema()).isZero());

        rules(IngestRules.DEFAULT.withHistograms(true, false, false).withBuckets(1, 0));
        assertThatThrownBy(() -> scrape(ExpositionFormat.PROTOBUF, fourBuckets(), 3000))
                .hasMessage("histogram bucket limit exceeded");
    }

    @Test
    void allIsCountedWhereAHistogramHasTooManyBuckets() throws IOException {
        rules(IngestRules.DEFAULT.withHistograms(false, false, true).withBuckets(1, 0));
        String histogram = """
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_bucket{le="2"} 3
                h_count 4
                h_sum 5
                # TYPE a gauge
                a 1
                """;
        byte[] body = (histogram + "b 1\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> scrape(ExpositionFormat.TEXT, body, 1000)).isInstanceOf(BucketLimitException.class);
        assertThat(work.counts.scraped).isEqualTo(3);
        assertThat(work.counts.afterRelabelling).isEqualTo(3);

        rules(IngestRules.DEFAULT
                .withHistograms(false, false, true)
                .withBuckets(1, 0)
                .withSampleLimit(1));
        assertThatThrownBy(() -> scrape(ExpositionFormat.TEXT, body, 2000)).hasMessage("sample limit exceeded");
        byte[] fewer = histogram.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> scrape(ExpositionFormat.TEXT, fewer, 3000))
                .as("such a histogram is no sample for the limit")
                .isInstanceOf(BucketLimitException.class);
    }

    @Test
    void countAndSumOfAMessageComeBeforeItsBuckets() throws IOException {
        MetricFamilyBytes histogram = new MetricFamilyBytes()
                .varint(1, 4)
                .fixed(2, 2.5)
                .message(3, new MetricFamilyBytes().varint(1, 3).fixed(2, 0.5));
        byte[] body = new MetricFamilyBytes()
                .text(1, "h")
                .varint(3, 4)
                .message(4, new MetricFamilyBytes().message(7, histogram))
                .delimited();
        rules(IngestRules.DEFAULT.withSampleLimit(2));
        assertThatThrownBy(() -> scrape(ExpositionFormat.PROTOBUF, body, 1000)).hasMessage("sample limit exceeded");
        rules(IngestRules.DEFAULT);
        scrape(ExpositionFormat.PROTOBUF, body, 2000);
        assertThat(storage.series())
                .containsExactly(
                        series("h_count"),
                        series("h_sum"),
                        series("h_bucket", "le", "0.5"),
                        series("h_bucket", "le", "+Inf"));
    }

    @Test
    void emptyBucketsDoNotCountForTheLimit() throws IOException {
        rules(IngestRules.DEFAULT.withHistograms(true, false, false).withBuckets(1, 0));
        scrape(ExpositionFormat.PROTOBUF, nativeHistogram(3), 1000);
        HistogramLayout layout =
                storage.histograms(series("h")).values().iterator().next().layout();
        assertThat(layout.positiveBuckets()).isEqualTo(4);
        assertThat(layout.schema()).isEqualTo(3);
    }

    @Test
    void mergedBucketsHoldWhatTheirPartsHeld() {
        HistogramLayout layout = HistogramLayout.exponential(
                2, 0.5, List.of(new BucketSpan(-3, 4), new BucketSpan(3, 2)), List.of(new BucketSpan(1, 1)));
        NativeHistogram fine = new IntegerHistogram(
                CounterResetHint.UNKNOWN, layout, 22, 0, 1, new long[] {1, 2, 3, 4, 5, 6}, new long[] {1});
        // Indexes -3 to 1 by two: -1, -1 | 0, 0 becomes -1, 0; 4 and 5 become 2 and 3; -1 of the other side 1.
        HistogramLayout coarse = HistogramLayout.exponential(
                1, 0.5, List.of(new BucketSpan(-1, 2), new BucketSpan(1, 2)), List.of(new BucketSpan(1, 1)));
        assertThat(HistogramResolution.reduced(fine, 1))
                .isEqualTo(new IntegerHistogram(
                        CounterResetHint.UNKNOWN, coarse, 22, 0, 1, new long[] {3, 7, 5, 6}, new long[] {1}));
        assertThat(HistogramResolution.reduced(fine.toFloat(), 1))
                .isEqualTo(new FloatHistogram(
                        CounterResetHint.UNKNOWN, coarse, 22, 0, 1, new double[] {3, 7, 5, 6}, new double[] {1}));
    }

    @Test
    void convertsClassicHistograms() throws IOException {
        rules(IngestRules.DEFAULT.withHistograms(false, true, true));
        String body = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\nh_count 3\nh_sum 2\n";
        for (int scrape = 1; scrape <= 3; scrape++) {
            openMetrics(body, 1000L * scrape);
        }
        assertThat(storage.histograms(series("h")).values())
                .hasSize(3)
                .allSatisfy(histogram -> assertThat(histogram)
                        .isEqualTo(new IntegerHistogram(
                                CounterResetHint.UNKNOWN,
                                HistogramLayout.custom(List.of(1.0), List.of(new BucketSpan(0, 2))),
                                3,
                                0,
                                2,
                                new long[] {1, 2},
                                new long[0])));
        assertThat(storage.values(series("h_bucket", "le", "1.0"))).containsExactly("1", "1", "1");
        assertThat(storage.lookups()).as("steady after the first scrape").isEqualTo(5);
        assertThat(ingester.metadata()).containsEntry("h", new Metadata(MetricType.HISTOGRAM, "", ""));
    }

    @Test
    void anExemplarThatIsShownAgainIsTheSame() throws IOException {
        openMetrics("a_total 1 # {t=\"x\"} 1\n", 1000);
        openMetrics("a_total 2 # {t=\"x\"} 1\n", 2000);
        openMetrics("a_total 3 # {t=\"y\"} 1\n", 3000);
        openMetrics("a_total 4 # {t=\"z\"} 1 3.5\nb 1\n", 4000);

        assertThat(storage.exemplars(series("a_total")))
                .containsExactly(
                        new Exemplar(Labels.of("t", "x"), 1, 1000),
                        new Exemplar(Labels.of("t", "y"), 1, 3000),
                        new Exemplar(Labels.of("t", "z"), 1, 3500));
        openMetrics("a_total 4 # {t=\"w\"} 1 2\n", 5000);
        assertThat(work.counts.exemplarsOutOfOrder).isEqualTo(1);
    }

    @Test
    void metadataFollowsTheExposition() throws IOException {
        openMetrics("# TYPE a counter\n# HELP a x\na_total 1\n# HELP b y\n", 1000);
        assertThat(ingester.metadata())
                .containsExactly(
                        Map.entry("a", new Metadata(MetricType.COUNTER, "", "x")),
                        Map.entry("b", new Metadata(MetricType.UNKNOWN, "", "y")));
        openMetrics("# TYPE a counter\n# HELP a x\na_total 1\n# HELP b z\n", 2000);
        assertThat(ingester.metadata()).containsEntry("b", new Metadata(MetricType.UNKNOWN, "", "z"));
        openMetrics("# TYPE a gauge\na_total 1\n", 3000);
        assertThat(ingester.metadata())
                .as("what it does not say any more counts until it says otherwise")
                .containsOnly(
                        Map.entry("a", new Metadata(MetricType.GAUGE, "", "x")),
                        Map.entry("b", new Metadata(MetricType.UNKNOWN, "", "z")));
        assertThat(storage.metadata()).as("the storage did not ask").isEmpty();
    }

    @Test
    void metadataAndStartTimestampsAreHandedOver() throws IOException {
        rules(IngestRules.DEFAULT.withHandedOver(true, true));
        for (int scrape = 1; scrape <= 3; scrape++) {
            openMetrics("# TYPE a counter\n# HELP a x\na_total " + scrape + "\na_created 5\n", 10_000L * scrape);
        }
        assertThat(storage.startTimestamps()).containsExactly("a_total 5000", "a_total 5000", "a_total 5000");
        assertThat(storage.series()).containsExactly(series("a_total"));
        assertThat(storage.metadata())
                .containsExactly(Map.entry(series("a_total"), new Metadata(MetricType.COUNTER, "", "x")));
    }

    @Test
    void seriesWithTimestampsBecomeStaleWhereThatIsAskedFor() throws IOException {
        rules(IngestRules.DEFAULT.withTrackTimestampsStaleness(true));
        openMetrics("a 1 1.5\nb 1\n", 2000);
        openMetrics("b 1\n", 3000);
        assertThat(storage.values(series("a"))).containsExactly("1", "stale");
    }

    @Test
    void aSampleThatIsTooOldDoesNotHideTheNextOfItsSeries() throws IOException {
        long now = 1_700_000_000_000L;
        storage.refuseBefore(now - 1000);
        byte[] body = "a 1 1000\na 2\na 3\n".getBytes(StandardCharsets.UTF_8);
        scrape(ExpositionFormat.TEXT, body, now);
        assertThat(storage.samples(series("a"))).isEqualTo(Map.of(now, 2.0));
        // From the second scrape on the series is known, and its first line is the one that counts.
        scrape(ExpositionFormat.TEXT, body, now + 1);
        assertThat(StalenessMarker.is(storage.samples(series("a")).getOrDefault(now + 1, 0.0)))
                .isTrue();
    }

    @Test
    void aSeriesThatNeverHadASampleIsTriedOnEachOfItsLines() throws IOException {
        long now = 1_700_000_000_000L;
        storage.refuseBefore(now - 1000);
        rules(IngestRules.DEFAULT.withSampleLimit(2));
        byte[] body = "a 1 1000\na 2 1000\nb 1\n".getBytes(StandardCharsets.UTF_8);
        // The second time all lines stand where they stood.
        for (int i = 0; i < 3; i++) {
            long atMs = now + i;
            assertThatThrownBy(() -> scrape(ExpositionFormat.TEXT, body, atMs)).hasMessage("sample limit exceeded");
        }
        rules(IngestRules.DEFAULT);
        scrape(ExpositionFormat.TEXT, "a 1 1000\na 2\na 3\nb 1\n".getBytes(StandardCharsets.UTF_8), now + 4);
        assertThat(storage.samples(series("a"))).isEqualTo(Map.of(now + 4, 2.0));
    }

    @Test
    void aLabelThatIsThereTwiceIsNoFaultWhereTheSampleIsTooOld() throws IOException {
        long now = 1_700_000_000_000L;
        storage.refuseBefore(now - 1000);
        scrape(ExpositionFormat.TEXT, "a{b=\"c\",b=\"d\"} 1 1000\n".getBytes(StandardCharsets.UTF_8), now);
        assertThat(storage.series()).isEmpty();
        byte[] body = "a{b=\"c\",b=\"d\"} 1 1000\na{b=\"c\",b=\"d\"} 1\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> scrape(ExpositionFormat.TEXT, body, now + 1))
                .hasMessage("label name \"b\" is not unique: invalid sample");
    }
}
