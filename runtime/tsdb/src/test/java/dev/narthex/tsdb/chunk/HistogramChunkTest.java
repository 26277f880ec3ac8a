// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramChunkTest {
    private static final long T = 1_767_225_600_000L;

    private static IntegerHistogram counts(CounterResetHint hint, List<BucketSpan> spans, double sum, long... counts) {
        return new IntegerHistogram(
                hint,
                HistogramLayout.exponential(0, 0, spans, List.of()),
                Arrays.stream(counts).sum(),
                0,
                sum,
                counts,
                new long[0]);
    }

    private static IntegerHistogram counts(List<BucketSpan> spans, long... counts) {
        return counts(CounterResetHint.UNKNOWN, spans, 1, counts);
    }

    private static IntegerHistogram gauge(List<BucketSpan> spans, long... counts) {
        return counts(CounterResetHint.GAUGE, spans, 1, counts);
    }

    private static List<BucketSpan> spans(int... offsetsAndLengths) {
        List<BucketSpan> spans = new ArrayList<>();
        for (int i = 0; i < offsetsAndLengths.length; i += 2) {
            spans.add(new BucketSpan(offsetsAndLengths[i], offsetsAndLengths[i + 1]));
        }
        return spans;
    }

    private static List<ChunkBuilder.Chunk> chunks(NativeHistogram... histograms) {
        ChunkBuilder builder = new ChunkBuilder();
        for (int i = 0; i < histograms.length; i++) {
            builder.add(T + 15_000L * i, histograms[i]);
        }
        return builder.chunks();
    }

    private static HistogramLayout layout(ChunkBuilder.Chunk chunk) {
        HistogramReader reader = new HistogramReader();
        reader.open(
                chunk.encoding() == ChunkEncoding.FLOAT_HISTOGRAM,
                Arrays.copyOf(chunk.bytes(), chunk.bytes().length + 8),
                0,
                chunk.bytes().length);
        return reader.layout();
    }

    /** What a histogram says, however its spans are cut. */
    private static List<Object> meaning(NativeHistogram histogram) {
        FloatHistogram floats = histogram.toFloat();
        if (histogram.isStale()) {
            return List.of("stale");
        }
        List<HistogramBucket> buckets = histogram.buckets();
        return List.of(
                histogram.layout().schema(),
                histogram.layout().zeroThreshold(),
                histogram.layout().customValues(),
                floats.count(),
                floats.zeroCount(),
                Double.doubleToRawLongBits(histogram.sum()),
                buckets);
    }

    // The chunks below are those that a Prometheus 3.5.3 makes of the same samples.

    @Test
    void newBucketsAreAddedToThePastWithTheSpansOfTheNewHistogram() {
        List<ChunkBuilder.Chunk> chunks = chunks(
                counts(spans(0, 0, 2, 2, 0, 1, 1, 0), 1, 2, 3),
                counts(spans(2, 3), 2, 3, 4),
                counts(spans(2, 2, 0, 2), 2, 3, 4, 5));
        assertThat(chunks).hasSize(1);
        assertThat(layout(chunks.getFirst()).positiveSpans()).isEqualTo(spans(2, 2, 0, 2));
        assertThat(chunks.getFirst().bytes()).hasSize(35);
        assertThat(meaning(histogram(chunks.getFirst().decode(), 0))).isEqualTo(meaning(counts(spans(2, 3), 1, 2, 3)));
    }

    @Test
    void bucketsThatBothLackAreUnited() {
        List<ChunkBuilder.Chunk> chunks = chunks(
                gauge(spans(0, 1, 3, 1), 1, 1),
                gauge(spans(0, 2, 2, 1, 1, 1), 1, 1, 1, 1),
                gauge(spans(-2, 1, 8, 2), 1, 1, 1));
        assertThat(chunks).hasSize(1);
        assertThat(layout(chunks.getFirst()).positiveSpans()).isEqualTo(spans(-2, 1, 1, 2, 2, 1, 1, 3));
        assertThat(chunks.getFirst().bytes()).hasSize(42);
        assertThat(chunks.getFirst().header()).isEqualTo(CounterResetHeader.GAUGE);
    }

    @Test
    void anEmptyBucketMayGoAFilledOneMayNot() {
        List<ChunkBuilder.Chunk> empty = chunks(
                counts(CounterResetHint.UNKNOWN, spans(0, 3), 1, 1, 0, 1),
                counts(CounterResetHint.UNKNOWN, spans(0, 1, 1, 1), 2, 2, 3),
                counts(CounterResetHint.UNKNOWN, spans(0, 3), 2, 2, 0, 4));
        assertThat(empty).hasSize(1);
        assertThat(empty.getFirst().bytes()).hasSize(36);
        assertThat(layout(empty.getFirst()).positiveSpans()).isEqualTo(spans(0, 3));

        List<ChunkBuilder.Chunk> filled = chunks(counts(spans(0, 3), 1, 1, 1), counts(spans(0, 1, 1, 1), 1, 1));
        assertThat(filled)
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(CounterResetHeader.UNKNOWN, CounterResetHeader.RESET);
    }

    @Test
    void aResetBeginsAChunkThatSaysSo() {
        assertThat(chunks(counts(spans(0, 2), 5, 5), counts(spans(0, 2), 1, 9)))
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(CounterResetHeader.UNKNOWN, CounterResetHeader.RESET);
        assertThat(chunks(
                        counts(CounterResetHint.RESET, spans(0, 1), 1, 5),
                        counts(CounterResetHint.RESET, spans(0, 1), 1, 6),
                        counts(CounterResetHint.NOT_RESET, spans(0, 1), 1, 7)))
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(CounterResetHeader.RESET, CounterResetHeader.RESET);
    }

    @Test
    void countersAndGaugesDoNotShareAChunk() {
        assertThat(chunks(gauge(spans(0, 1), 5), counts(spans(0, 1), 6), gauge(spans(0, 1), 1)))
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(CounterResetHeader.GAUGE, CounterResetHeader.NOT_RESET, CounterResetHeader.GAUGE);
    }

    @Test
    void aStalenessMarkerEndsItsChunk() {
        IntegerHistogram stale = counts(CounterResetHint.UNKNOWN, List.of(), StalenessMarker.VALUE);
        List<ChunkBuilder.Chunk> chunks = chunks(counts(spans(0, 2), 1, 2), stale, stale, counts(spans(0, 2), 2, 3));
        assertThat(chunks)
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(CounterResetHeader.UNKNOWN, CounterResetHeader.UNKNOWN);
        assertThat(chunks.getFirst().bytes()).hasSize(37);
        SampleBuffer decoded = chunks.getFirst().decode();
        assertThat(decoded.size()).isEqualTo(3);
        assertThat(StalenessMarker.is(decoded.value(1))).isTrue();
        assertThat(decoded.histogram(2)).isInstanceOf(IntegerHistogram.class);
    }

    @Test
    void whatChangesTheScaleBeginsAChunk() {
        HistogramLayout wide = HistogramLayout.exponential(0, 0.5, List.of(), List.of());
        IntegerHistogram zeros =
                new IntegerHistogram(CounterResetHint.UNKNOWN, wide, 9, 9, 1, new long[0], new long[0]);
        HistogramLayout custom = HistogramLayout.custom(List.of(0.1, 1.0), spans(0, 1));
        HistogramLayout other = HistogramLayout.custom(List.of(0.1, 2.0), spans(0, 1));
        assertThat(chunks(
                        counts(spans(0, 1), 5),
                        zeros,
                        new IntegerHistogram(CounterResetHint.UNKNOWN, custom, 9, 0, 1, new long[] {9}, new long[0]),
                        new IntegerHistogram(CounterResetHint.UNKNOWN, other, 9, 0, 1, new long[] {9}, new long[0]),
                        new FloatHistogram(CounterResetHint.UNKNOWN, other, 9, 0, 1, new double[] {9}, new double[0])))
                .extracting(ChunkBuilder.Chunk::header)
                .containsExactly(
                        CounterResetHeader.UNKNOWN,
                        CounterResetHeader.UNKNOWN,
                        CounterResetHeader.UNKNOWN,
                        CounterResetHeader.RESET,
                        CounterResetHeader.UNKNOWN);
    }

    @Test
    void hintsTellWhatTheChunkKnows() {
        SampleBuffer counters = chunks(counts(spans(0, 1), 5), counts(spans(0, 1), 6))
                .getFirst()
                .decode();
        assertThat(hint(counters, 0)).isEqualTo(CounterResetHint.UNKNOWN);
        assertThat(hint(counters, 1)).isEqualTo(CounterResetHint.NOT_RESET);
        SampleBuffer gauges =
                chunks(gauge(spans(0, 1), 5), gauge(spans(0, 1), 6)).getFirst().decode();
        assertThat(hint(gauges, 0)).isEqualTo(CounterResetHint.GAUGE);
    }

    private static CounterResetHint hint(SampleBuffer buffer, int index) {
        return histogram(buffer, index).counterResetHint();
    }

    private static NativeHistogram histogram(SampleBuffer buffer, int index) {
        return Objects.requireNonNull(buffer.histogram(index));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesAreThoseOfThePlainDescription(boolean floats) {
        Random random = Seed.of(HistogramChunkTest.class).random();
        for (int round = 0; round < 200; round++) {
            RandomHistograms histograms = new RandomHistograms(random, floats);
            HistogramLayout layout = histograms.layout();
            NaiveHistogramChunk naive = new NaiveHistogramChunk(0b11);
            ChunkBuilder builder = new ChunkBuilder();
            long t = random.nextLong(2 * T) - T;
            int count = 1 + random.nextInt(20);
            List<NativeHistogram> added = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                NativeHistogram histogram = histograms.gauge(layout);
                naive.add(t, histogram);
                builder.add(t, histogram);
                added.add(histogram);
                t += 1 + (random.nextInt(5) == 0 ? random.nextLong(1L << 40) : 15_000);
            }
            List<ChunkBuilder.Chunk> chunks = builder.chunks();
            assertThat(chunks).hasSize(1);
            assertThat(chunks.getFirst().bytes()).isEqualTo(naive.bytes());
            SampleBuffer decoded = chunks.getFirst().decode();
            for (int i = 0; i < count; i++) {
                assertThat(decoded.histogram(i)).isEqualTo(added.get(i));
            }
        }
    }

    /** Whatever comes in whatever order: what was appended is read, in the range that was asked for. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsAppendedIsRead(boolean floats) {
        Random random = Seed.of(HistogramChunkTest.class).random();
        for (int round = 0; round < 300; round++) {
            RandomHistograms histograms = new RandomHistograms(random, floats);
            ChunkBuilder builder = new ChunkBuilder();
            List<NativeHistogram> added = new ArrayList<>();
            int count = 1 + random.nextInt(40);
            for (int i = 0; i < count; i++) {
                NativeHistogram histogram = histograms.next();
                added.add(histogram);
                builder.add(T + 15_000L * i, histogram);
            }
            int from = random.nextInt(count);
            int to = from + random.nextInt(count - from);
            List<List<Object>> found = new ArrayList<>();
            for (ChunkBuilder.Chunk chunk : builder.chunks()) {
                SampleBuffer decoded = chunk.decode(T + 15_000L * from, T + 15_000L * to);
                for (int i = 0; i < decoded.size(); i++) {
                    NativeHistogram histogram = histogram(decoded, i);
                    assertThat(decoded.timestampMs(i)).isEqualTo(T + 15_000L * (from + found.size()));
                    found.add(meaning(histogram));
                }
            }
            assertThat(found)
                    .isEqualTo(added.subList(from, to + 1).stream()
                            .map(HistogramChunkTest::meaning)
                            .toList());
        }
    }

    @Test
    void aTruncatedChunkIsRefusedAtEveryByte() {
        for (ChunkBuilder.Chunk chunk : samples()) {
            int count = chunk.decode().size();
            for (int length = 0; length < chunk.bytes().length; length++) {
                byte[] cut = Arrays.copyOf(chunk.bytes(), length);
                SampleBuffer into = new SampleBuffer();
                into.add(1, 1);
                assertThatThrownBy(() -> new ChunkDecoder()
                                .decode(chunk.encoding(), cut, 0, cut.length, Long.MIN_VALUE, Long.MAX_VALUE, into))
                        .isInstanceOf(CorruptChunkException.class);
                assertThat(into.size()).isEqualTo(1);
                into.add(2, 2);
                assertThat(into.histogram(1)).isNull();
            }
            assertThat(count).isPositive();
        }
    }

    @Test
    void aFlippedBitNeverDoesMoreThanAnError() {
        ChunkDecoder decoder = new ChunkDecoder();
        for (ChunkBuilder.Chunk chunk : samples()) {
            for (int bit = 0; bit < 8 * chunk.bytes().length; bit++) {
                byte[] flipped = chunk.bytes().clone();
                flipped[bit >>> 3] ^= (byte) (0x80 >>> (bit & 7));
                SampleBuffer into = new SampleBuffer();
                try {
                    decoder.decode(chunk.encoding(), flipped, 0, flipped.length, Long.MIN_VALUE, Long.MAX_VALUE, into);
                    assertThat(into.size()).isLessThanOrEqualTo(0xffff);
                } catch (CorruptChunkException e) {
                    assertThat(e).hasMessageMatching(".*(chunk|value|histogram).*");
                    assertThat(into.size()).isZero();
                }
            }
        }
    }

    private static List<ChunkBuilder.Chunk> samples() {
        Random random = new Random(7);
        List<ChunkBuilder.Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RandomHistograms histograms = new RandomHistograms(random, i % 2 == 1);
            ChunkBuilder builder = new ChunkBuilder();
            for (int s = 0; s < 8; s++) {
                builder.add(T + 15_000L * s, histograms.next());
            }
            chunks.addAll(builder.chunks());
        }
        return chunks;
    }
}
