// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the index of a block tells of its labels: which are many, and which come and go. Deleted samples count, as they are
 * in the index still.
 *
 * @param series how many series were looked at
 * @param names what is known of the label names
 * @param pairs what is known of the pairs of label name and value
 */
public record BlockAnalysis(long series, Collection<Name> names, Collection<Pair> pairs) {
    /** What is known of a label name. */
    public static final class Name {
        private final String text;
        private long values;
        private long valueBytes;
        private long uncoveredMs;

        Name(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /** How many values it has. */
        public long values() {
            return values;
        }

        /** The bytes that its values take together. */
        public long valueBytes() {
            return valueBytes;
        }

        /** The time before the first and behind the last chunk, of all series with it together, in milliseconds. */
        public long uncoveredMs() {
            return uncoveredMs;
        }
    }

    /** What is known of a pair of label name and value. */
    public static final class Pair {
        private final String name;
        private final String value;
        private long series;
        private long uncoveredMs;

        Pair(String name, String value) {
            this.name = name;
            this.value = value;
        }

        /** The pair as {@code name=value}. */
        public String text() {
            return name + "=" + value;
        }

        public String value() {
            return value;
        }

        /** How many series have it. */
        public long series() {
            return series;
        }

        /** The time before the first and behind the last chunk, of all series with it together, in milliseconds. */
        public long uncoveredMs() {
            return uncoveredMs;
        }
    }

    /**
     * What was found of a number over all chunks of one kind.
     *
     * @param values one for each chunk
     */
    public record Spread(List<Integer> values) {
        public Spread {
            values = List.copyOf(values);
        }
    }

    /** Chunks of floats and of histograms; the numbers of the three histogram spreads belong to the same chunks. */
    public record Chunks(
            Spread floatSamples,
            Spread floatBytes,
            Spread histogramSamples,
            Spread histogramBytes,
            Spread histogramBuckets) {}

    /**
     * Looks at the series of a block that meet all matchers; at all of them where there is none.
     *
     * @throws CorruptBlockException when the index is damaged
     */
    public static BlockAnalysis of(Block block, List<LabelMatcher> matchers) throws IOException {
        Map<Long, Name> names = new HashMap<>();
        Map<Long, Pair> pairs = new HashMap<>();
        long rangeMs = block.meta().rangeMs();
        long series = 0;
        try (BlockQuerier querier = block.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            PageReader in = querier.indexPages();
            SymbolCache symbols = querier.symbols();
            SeriesEntry entry = new SeriesEntry();
            for (int ref : refs(block, querier, matchers)) {
                block.index().series(in, ref, entry);
                series++;
                // As promtool, which asks when series come and go: time between the chunks of one counts as covered.
                long uncoveredMs = entry.chunks == 0
                        ? rangeMs
                        : rangeMs - (entry.maxTimesMs[entry.chunks - 1] - entry.minTimesMs[0]);
                for (int i = 0; i < entry.labels; i++) {
                    long nameSymbol = entry.symbols[2 * i];
                    Name name = names.get(nameSymbol);
                    if (name == null) {
                        name = new Name(symbols.text(nameSymbol));
                        names.put(nameSymbol, name);
                    }
                    name.uncoveredMs += uncoveredMs;
                    // Symbols are numbers below 2^32 in both versions of the index.
                    long key = nameSymbol << 32 | entry.symbols[2 * i + 1];
                    Pair pair = pairs.get(key);
                    if (pair == null) {
                        pair = new Pair(name.text, symbols.text(entry.symbols[2 * i + 1]));
                        pairs.put(key, pair);
                        name.values++;
                        name.valueBytes += pair.value.getBytes(StandardCharsets.UTF_8).length;
                    }
                    pair.series++;
                    pair.uncoveredMs += uncoveredMs;
                }
            }
        }
        return new BlockAnalysis(series, names.values(), pairs.values());
    }

    /**
     * Looks into the chunks of the series that meet all matchers; of all series where there is none.
     *
     * @throws CorruptBlockException when the block is damaged
     */
    public static Chunks chunksOf(Block block, List<LabelMatcher> matchers) throws IOException {
        List<Integer> floatSamples = new ArrayList<>();
        List<Integer> floatBytes = new ArrayList<>();
        List<Integer> histogramSamples = new ArrayList<>();
        List<Integer> histogramBytes = new ArrayList<>();
        List<Integer> histogramBuckets = new ArrayList<>();
        ChunkDecoder decoder = new ChunkDecoder();
        try (BlockQuerier querier = block.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            PageReader in = querier.indexPages();
            ChunkReader chunk = new ChunkReader(block.chunks(), block.directory());
            SeriesEntry entry = new SeriesEntry();
            for (int ref : refs(block, querier, matchers)) {
                block.index().series(in, ref, entry);
                for (int i = 0; i < entry.chunks; i++) {
                    chunk.load(entry.chunkRefs[i]);
                    int count = ChunkDecoder.count(chunk.encoding(), chunk.bytes(), chunk.offset());
                    if (chunk.encoding().isFloats()) {
                        floatSamples.add(count);
                        floatBytes.add(chunk.length());
                    } else {
                        histogramSamples.add(count);
                        histogramBytes.add(chunk.length());
                        histogramBuckets.add(buckets(decoder, chunk));
                    }
                }
            }
        }
        return new Chunks(
                new Spread(floatSamples),
                new Spread(floatBytes),
                new Spread(histogramSamples),
                new Spread(histogramBytes),
                new Spread(histogramBuckets));
    }

    /** The buckets of all histograms of a chunk together. */
    private static int buckets(ChunkDecoder decoder, ChunkReader chunk) {
        SampleBuffer samples = new SampleBuffer();
        decoder.decode(
                chunk.encoding(),
                chunk.bytes(),
                chunk.offset(),
                chunk.length(),
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                samples);
        int buckets = 0;
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                buckets += histogram.layout().positiveBuckets()
                        + histogram.layout().negativeBuckets();
            }
        }
        return buckets;
    }

    private static int[] refs(Block block, BlockQuerier querier, List<LabelMatcher> matchers) throws IOException {
        return matchers.isEmpty() ? block.index().allPostings(querier.indexPages()) : querier.selectRefs(matchers);
    }

    /** How many labels the series have together. */
    public long entries() {
        return pairs.stream().mapToLong(Pair::series).sum();
    }

    /** Names in descending order of a number; equal ones in the order of their texts. */
    public List<Name> namesBy(ToLongFunction<Name> number) {
        return names.stream()
                .sorted(Comparator.comparingLong(number).reversed().thenComparing(Name::text))
                .toList();
    }

    /** Pairs in descending order of a number; equal ones in the order of their texts. */
    public List<Pair> pairsBy(ToLongFunction<Pair> number) {
        return pairs.stream()
                .sorted(Comparator.comparingLong(number).reversed().thenComparing(Pair::text))
                .toList();
    }

    /** Metric names in descending order of their series. */
    public List<Pair> metrics() {
        return pairsBy(Pair::series).stream()
                .filter(pair -> pair.name.equals(Labels.METRIC_NAME))
                .toList();
    }
}
