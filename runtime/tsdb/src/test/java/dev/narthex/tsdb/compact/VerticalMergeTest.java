// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chunks of blocks that overlap become chunks that do not, with the sample of the first block where two are of a time. */
class VerticalMergeTest {
    private static final int ROUNDS = 25;

    enum Kind {
        FLOATS,
        HISTOGRAMS,
        FLOAT_HISTOGRAMS,
        MIXED
    }

    /** A sample of one kind or the other. */
    private record Sample(double value, @Nullable NativeHistogram histogram) {
        String text() {
            if (histogram == null) {
                return Double.toString(value);
            }
            return histogram.isStale()
                    ? "stale"
                    : histogram.toFloat().count() + " " + histogram.sum() + " " + histogram.buckets();
        }
    }

    /** The series of a block with their chunks. */
    private static final class Chunks implements ChunkSeriesSet {
        private final List<Map.Entry<Labels, List<ChunkCutter.Chunk>>> series;
        private int at = -1;
        private int chunk;

        Chunks(NavigableMap<Labels, List<ChunkCutter.Chunk>> series) {
            this.series = new ArrayList<>(series.entrySet());
        }

        @Override
        public boolean nextSeries() {
            chunk = -1;
            return ++at < series.size();
        }

        @Override
        public Labels labels() {
            return series.get(at).getKey();
        }

        @Override
        public boolean nextChunk() {
            return ++chunk < series.get(at).getValue().size();
        }

        private ChunkCutter.Chunk chunk() {
            return series.get(at).getValue().get(chunk);
        }

        @Override
        public ChunkEncoding encoding() {
            return chunk().encoding();
        }

        @Override
        public long minTimeMs() {
            return chunk().minTimeMs();
        }

        @Override
        public long maxTimeMs() {
            return chunk().maxTimeMs();
        }

        @Override
        public byte[] bytes() {
            return chunk().bytes();
        }
    }

    private static NavigableMap<Long, Sample> samples(Random random, Kind kind, RandomHistograms histograms) {
        TreeMap<Long, Sample> samples = new TreeMap<>();
        long t = random.nextInt(20_000);
        for (int i = random.nextInt(random.nextInt(3) == 0 ? 400 : 20); i > 0; i--) {
            t += 1 + random.nextInt(100);
            boolean asFloat = kind == Kind.FLOATS || (kind == Kind.MIXED && random.nextInt(8) == 0);
            samples.put(t, asFloat ? new Sample(random.nextInt(100), null) : new Sample(0, histograms.next()));
        }
        return samples;
    }

    private static List<ChunkCutter.Chunk> cut(NavigableMap<Long, Sample> samples) {
        SampleBuffer buffer = new SampleBuffer();
        samples.forEach((t, sample) -> {
            if (sample.histogram == null) {
                buffer.add(t, sample.value);
            } else {
                buffer.add(t, sample.histogram);
            }
        });
        return new ChunkCutter().cut(buffer);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everySampleIsThereOnceAndInOrder(Kind kind) {
        Seed seed = Seed.of(VerticalMergeTest.class);
        for (int round = 0; round < ROUNDS; round++) {
            Random random = seed.forCase(round).random();
            Map<Labels, NavigableMap<Long, Sample>> expected = new TreeMap<>();
            List<ChunkSeriesSet> sets = new ArrayList<>();
            for (int block = random.nextInt(2, 5); block > 0; block--) {
                TreeMap<Labels, List<ChunkCutter.Chunk>> series = new TreeMap<>();
                for (int s = 0; s < 3; s++) {
                    Labels labels = Labels.of("s", Integer.toString(s));
                    RandomHistograms histograms = new RandomHistograms(random, kind == Kind.FLOAT_HISTOGRAMS);
                    NavigableMap<Long, Sample> samples = samples(random, kind, histograms);
                    if (!samples.isEmpty()) {
                        series.put(labels, cut(samples));
                        NavigableMap<Long, Sample> all = expected.computeIfAbsent(labels, _ -> new TreeMap<>());
                        samples.forEach(all::putIfAbsent);
                    }
                }
                sets.add(new Chunks(series));
            }
            assertMerged(new MergedChunks(sets), expected);
        }
    }

    private static void assertMerged(MergedChunks merged, Map<Labels, NavigableMap<Long, Sample>> expected) {
        int series = 0;
        while (merged.nextSeries()) {
            series++;
            SampleBuffer found = new SampleBuffer();
            long last = Long.MIN_VALUE;
            while (merged.nextChunk()) {
                assertThat(merged.minTimeMs()).isGreaterThan(last);
                last = merged.maxTimeMs();
                int before = found.size();
                byte[] bytes = merged.bytes();
                new ChunkDecoder()
                        .decode(merged.encoding(), bytes, 0, bytes.length, Long.MIN_VALUE, Long.MAX_VALUE, found);
                assertThat(found.timestampMs(before)).isEqualTo(merged.minTimeMs());
                assertThat(found.timestampMs(found.size() - 1)).isEqualTo(last);
                assertNoResetIsHidden(found, before);
            }
            assertSame(found, expected.getOrDefault(merged.labels(), new TreeMap<>()));
        }
        assertThat(series).isEqualTo(expected.size());
    }

    private static void assertSame(SampleBuffer found, NavigableMap<Long, Sample> expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        int i = 0;
        for (Map.Entry<Long, Sample> entry : expected.entrySet()) {
            assertThat(found.timestampMs(i)).isEqualTo(entry.getKey());
            assertThat(new Sample(found.value(i), found.histogram(i)).text())
                    .isEqualTo(entry.getValue().text());
            i++;
        }
    }

    /** What was no reset between neighbours of one block may be one between those of the merged block. */
    private static void assertNoResetIsHidden(SampleBuffer samples, int first) {
        for (int i = first + 1; i < samples.size(); i++) {
            NativeHistogram before = samples.histogram(i - 1);
            NativeHistogram after = samples.histogram(i);
            if (before == null || after == null || before.isStale() || after.isStale()) {
                continue;
            }
            if (after.counterResetHint() == CounterResetHint.NOT_RESET) {
                FloatHistogram unknown = after.toFloat().withHint(CounterResetHint.UNKNOWN);
                assertThat(unknown.isResetAfter(before.toFloat())).isFalse();
            }
        }
    }

    @Test
    void ofTwoSamplesOfATimeThatOfTheFirstBlockStays() {
        List<ChunkSeriesSet> sets = new ArrayList<>();
        for (double value = 1; value <= 3; value++) {
            TreeMap<Long, Sample> samples = new TreeMap<>();
            for (long t = 0; t < 10; t++) {
                samples.put(10 * t + (t == 5 ? 0 : (long) value), new Sample(value, null));
            }
            sets.add(new Chunks(new TreeMap<>(Map.of(Labels.of("s", "1"), cut(samples)))));
        }
        MergedChunks merged = new MergedChunks(sets);
        assertThat(merged.nextSeries()).isTrue();
        assertThat(merged.nextChunk()).isTrue();
        SampleBuffer found = new SampleBuffer();
        byte[] bytes = merged.bytes();
        new ChunkDecoder().decode(merged.encoding(), bytes, 0, bytes.length, 50, 50, found);
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.value(0)).isEqualTo(1);
    }

    /** Prometheus 3.15 made it: floats with start timestamps. */
    private static final String XOR2 = "000480c081a4cdc4683ff0000000000000d00f9875c12fffd603ab0b";

    @Test
    void aChunkWithStartTimestampsIsPassedOnAsItIsUnlessItOverlapsAnother() {
        byte[] bytes = HexFormat.of().parseHex(XOR2);
        SampleBuffer samples = new SampleBuffer();
        new ChunkDecoder().decode(ChunkEncoding.XOR2, bytes, 0, bytes.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        long first = samples.timestampMs(0);
        long last = samples.timestampMs(3);
        List<ChunkCutter.Chunk> started = List.of(new ChunkCutter.Chunk(ChunkEncoding.XOR2, first, last, bytes));
        assertThat(merged(started, first - 1000, 500))
                .satisfiesExactly(
                        chunk -> assertThat(chunk.encoding()).isEqualTo(ChunkEncoding.XOR),
                        chunk -> assertThat(chunk.bytes()).isEqualTo(bytes));
        // What overlaps is encoded anew, and keeps its start timestamps from the first sample on that has one.
        assertThat(merged(started, first - 1000, 1001))
                .satisfiesExactly(chunk -> assertThat(chunk.encoding()).isEqualTo(ChunkEncoding.XOR), chunk -> {
                    assertThat(chunk.encoding()).isEqualTo(ChunkEncoding.XOR2);
                    assertThat(ChunkDecoder.count(chunk.encoding(), chunk.bytes(), 0))
                            .isEqualTo(5);
                });
    }

    /** With a chunk of two samples in another block. */
    private static List<ChunkCutter.Chunk> merged(List<ChunkCutter.Chunk> chunks, long fromMs, long distanceMs) {
        Labels labels = Labels.of("__name__", "m");
        SampleBuffer two = new SampleBuffer();
        two.add(fromMs, 1);
        two.add(fromMs + distanceMs, 2);
        MergedChunks merged = new MergedChunks(List.of(
                new Chunks(new TreeMap<>(Map.of(labels, chunks))),
                new Chunks(new TreeMap<>(Map.of(labels, new ChunkCutter().cut(two))))));
        List<ChunkCutter.Chunk> found = new ArrayList<>();
        assertThat(merged.nextSeries()).isTrue();
        while (merged.nextChunk()) {
            found.add(new ChunkCutter.Chunk(merged.encoding(), merged.minTimeMs(), merged.maxTimeMs(), merged.bytes()));
        }
        return found;
    }
}
