// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.FileWindow;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes an index of version 2 (see {@link IndexLayout}), to the byte as Prometheus does: symbols first, then the series
 * in the order of their labels, then the rest, which follows from them.
 *
 * <p>Postings are made by going over the written series again, as often as it takes with a bounded number of references in
 * memory, instead of keeping a list for each pair. For one thread.
 */
final class IndexWriter implements AutoCloseable {
    /** So many references of postings are in memory at once. */
    private static final int BATCH_REFS = 4 << 20;

    private final OutputFile out;
    private final Path path;
    private final int batchRefs;
    private final Map<String, Integer> symbols = new HashMap<>();
    private final List<String> symbolTexts;
    private final PairCounts pairs = new PairCounts();
    private final ByteSink sink = new ByteSink();
    private final ByteSink length = new ByteSink();
    private final CRC32C crc = new CRC32C();
    private int[] refs = new int[1 << 10];
    private int seriesCount;
    private long maxLabelCount;
    private final long seriesOffset;
    private Labels formerLabels = Labels.EMPTY;

    /** @param sortedSymbols every label name and value, and the empty text, each once */
    IndexWriter(StorageFiles files, Path path, List<String> sortedSymbols) throws IOException {
        this(files, path, sortedSymbols, BATCH_REFS);
    }

    IndexWriter(StorageFiles files, Path path, List<String> sortedSymbols, int batchRefs) throws IOException {
        this.path = path;
        this.batchRefs = batchRefs;
        symbolTexts = sortedSymbols;
        out = new OutputFile(files, path);
        try {
            sink.be32(IndexLayout.MAGIC);
            sink.u8(IndexLayout.VERSION_2);
            out.put(sink);
            out.beginPart();
            out.be32(sortedSymbols.size());
            String former = null;
            for (String symbol : sortedSymbols) {
                if (former != null && Utf8Order.compare(former, symbol) >= 0) {
                    throw new IllegalArgumentException(
                            path + ": symbols must be sorted, found \"" + symbol + "\" behind \"" + former + "\"");
                }
                symbols.put(symbol, symbols.size());
                sink.clear();
                sink.text(symbol);
                out.put(sink);
                former = symbol;
            }
            out.endPart();
            seriesOffset = out.position();
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /** Writes a series; call in the order of labels. */
    void series(Labels labels, SeriesEntry chunks) throws IOException {
        if (seriesCount > 0 && formerLabels.compareTo(labels) >= 0) {
            throw new IllegalArgumentException(
                    path + ": series must be in order, found " + labels + " behind " + formerLabels);
        }
        formerLabels = labels;
        out.align(IndexLayout.SERIES_ALIGNMENT);
        if (seriesCount == refs.length) {
            refs = Arrays.copyOf(refs, 2 * seriesCount);
        }
        refs[seriesCount++] = Math.toIntExact(out.position() / IndexLayout.SERIES_ALIGNMENT);
        maxLabelCount = Math.max(maxLabelCount, labels.size());
        sink.clear();
        sink.uvarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            int name = symbol(labels.name(i));
            int value = symbol(labels.value(i));
            sink.uvarint(name);
            sink.uvarint(value);
            pairs.increment(PairCounts.key(name, value));
        }
        sink.uvarint(chunks.chunks);
        for (int i = 0; i < chunks.chunks; i++) {
            if (i == 0) {
                sink.varint(chunks.minTimesMs[0]);
                sink.uvarint(chunks.maxTimesMs[0] - chunks.minTimesMs[0]);
                sink.uvarint(chunks.chunkRefs[0]);
            } else {
                sink.uvarint(chunks.minTimesMs[i] - chunks.maxTimesMs[i - 1]);
                sink.uvarint(chunks.maxTimesMs[i] - chunks.minTimesMs[i]);
                sink.varint(chunks.chunkRefs[i] - chunks.chunkRefs[i - 1]);
            }
        }
        crc.reset();
        crc.update(sink.bytes(), 0, sink.size());
        length.clear();
        length.uvarint(sink.size());
        out.put(length);
        out.put(sink);
        out.be32((int) crc.getValue());
    }

    private int symbol(String text) {
        Integer known = symbols.get(text);
        if (known == null) {
            throw new IllegalArgumentException(path + ": a label is not among the symbols, found \"" + text + "\"");
        }
        return known;
    }

    int seriesCount() {
        return seriesCount;
    }

    /** Writes what follows the series, and makes the file durable. */
    void complete() throws IOException {
        long labelIndices = out.position();
        long[] keys = pairs.sortedKeys();
        long[] nameOffsets = new long[keys.length];
        int[] nameStarts = new int[keys.length + 1];
        int names = 0;
        for (int from = 0; from < keys.length; ) {
            int to = endOfName(keys, from);
            out.align(IndexLayout.PART_ALIGNMENT);
            nameStarts[names] = from;
            nameOffsets[names++] = out.position();
            out.beginPart();
            out.be32(1);
            out.be32(to - from);
            for (int i = from; i < to; i++) {
                out.be32(PairCounts.value(keys[i]));
            }
            out.endPart();
            from = to;
        }
        long seriesEnd = labelIndices;
        out.align(IndexLayout.PART_ALIGNMENT);
        long postings = out.position();
        out.beginPart();
        out.be32(seriesCount);
        for (int i = 0; i < seriesCount; i++) {
            out.be32(refs[i]);
        }
        out.endPart();
        long[] postingsOffsets = writePostings(keys, seriesEnd);

        long labelOffsets = out.position();
        out.beginPart();
        out.be32(names);
        for (int i = 0; i < names; i++) {
            sink.clear();
            sink.uvarint(1);
            sink.text(symbolTexts.get(PairCounts.name(keys[nameStarts[i]])));
            sink.uvarint(nameOffsets[i]);
            out.put(sink);
        }
        out.endPart();

        long offsetsOfPostings = out.position();
        out.beginPart();
        out.be32(keys.length + 1);
        putPostingsOffset("", "", postings);
        for (int i = 0; i < keys.length; i++) {
            putPostingsOffset(
                    symbolTexts.get(PairCounts.name(keys[i])),
                    symbolTexts.get(PairCounts.value(keys[i])),
                    postingsOffsets[i]);
        }
        out.endPart();

        sink.clear();
        sink.be64(IndexLayout.HEADER_BYTES);
        sink.be64(seriesOffset);
        sink.be64(labelIndices);
        sink.be64(labelOffsets);
        sink.be64(postings);
        sink.be64(offsetsOfPostings);
        crc.reset();
        crc.update(sink.bytes(), 0, sink.size());
        sink.be32((int) crc.getValue());
        out.put(sink);
        out.sync();
    }

    private static int endOfName(long[] keys, int from) {
        int to = from;
        while (to < keys.length && PairCounts.name(keys[to]) == PairCounts.name(keys[from])) {
            to++;
        }
        return to;
    }

    private void putPostingsOffset(String name, String value, long offset) throws IOException {
        sink.clear();
        sink.uvarint(2);
        sink.text(name);
        sink.text(value);
        sink.uvarint(offset);
        out.put(sink);
    }

    /** Writes the postings of all pairs, as many at a time as fit; where each begins. */
    private long[] writePostings(long[] keys, long seriesEnd) throws IOException {
        long[] offsets = new long[keys.length];
        int[] counts = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            counts[i] = pairs.get(keys[i]);
        }
        int[] batch = {};
        for (int from = 0; from < keys.length; ) {
            int total = 0;
            int to = from;
            while (to < keys.length && (to == from || total + counts[to] <= batchRefs)) {
                pairs.set(keys[to], total);
                total += counts[to];
                to++;
            }
            if (batch.length < total) {
                batch = new int[total];
            }
            collect(keys[from], keys[to - 1], seriesEnd, batch);
            int at = 0;
            for (int i = from; i < to; i++) {
                out.align(IndexLayout.PART_ALIGNMENT);
                offsets[i] = out.position();
                out.beginPart();
                out.be32(counts[i]);
                for (int n = 0; n < counts[i]; n++) {
                    out.be32(batch[at++]);
                }
                out.endPart();
            }
            from = to;
        }
        return offsets;
    }

    /** Goes over the series and notes the references of those that have pairs from one to another. */
    private void collect(long firstKey, long lastKey, long seriesEnd, int[] batch) throws IOException {
        out.flush();
        PageReader in = new PageReader(new FileWindow(path, out.file(), seriesEnd));
        for (int i = 0; i < seriesCount; i++) {
            long offset = (long) refs[i] * IndexLayout.SERIES_ALIGNMENT;
            ByteCursor cursor = in.upTo(offset, (int) Math.min(1 << 20, 30 + 20 * maxLabelCount));
            cursor.uvarint();
            int labels = (int) cursor.uvarint();
            for (int l = 0; l < labels; l++) {
                int name = (int) cursor.uvarint();
                long key = PairCounts.key(name, (int) cursor.uvarint());
                if (key >= firstKey && key <= lastKey) {
                    int place = pairs.get(key);
                    batch[place] = refs[i];
                    pairs.set(key, place + 1);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
