// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Utf8Order;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.tsdb.block.BlockMeta.Compaction;
import dev.narthex.tsdb.block.BlockMeta.Stats;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks. A block is written to a directory of another name, made durable, and renamed: a crash leaves it whole or
 * not at all, and what is left is recognised by its name. For one thread.
 */
public final class BlockWriter {
    /** The ending of the name of a directory that is being written. */
    public static final String CREATION_SUFFIX = ".tmp-for-creation";

    /** The ending of the name of a directory that is being removed. */
    public static final String DELETION_SUFFIX = ".tmp-for-deletion";

    private final StorageFiles files;
    private final Path parent;
    private final long segmentBytes;

    /**
     * @param parent where the directory of the block is to be
     * @param segmentBytes how large a chunk file may become
     */
    public BlockWriter(StorageFiles files, Path parent, long segmentBytes) {
        this.files = files;
        this.parent = parent;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Writes a block that begins with its first sample and ends with its last one.
     *
     * @param texts every label name and value that comes up, in any order; more do no harm
     * @param series in the order of labels
     * @return null where there is no sample: then there is no block either
     */
    public @Nullable BlockMeta write(Ulid ulid, Compaction compaction, Collection<String> texts, ChunkSeriesSet series)
            throws IOException {
        return write(ulid, Long.MAX_VALUE, Long.MIN_VALUE, compaction, texts, series);
    }

    /**
     * Writes a block.
     *
     * @param minTimeMs what meta.json says, inclusive
     * @param maxTimeMs exclusive
     * @param texts every label name and value that comes up, in any order; more do no harm
     * @param series in the order of labels
     * @return null where there is no sample: then there is no block either
     */
    public @Nullable BlockMeta write(
            Ulid ulid,
            long minTimeMs,
            long maxTimeMs,
            Compaction compaction,
            Collection<String> texts,
            ChunkSeriesSet series)
            throws IOException {
        Path target = parent.resolve(ulid.text());
        Path temporary = parent.resolve(ulid.text() + CREATION_SUFFIX);
        boolean complete = false;
        try {
            files.delete(temporary);
            files.createDirectories(temporary);
            Written written = writeFiles(temporary, texts, series);
            if (written.stats.samples() == 0) {
                return null;
            }
            boolean bySamples = minTimeMs > maxTimeMs;
            BlockMeta meta = new BlockMeta(
                    ulid,
                    bySamples ? written.firstMs : minTimeMs,
                    bySamples ? written.lastMs + 1 : maxTimeMs,
                    written.stats,
                    compaction);
            BlockMetaFile.replace(files, temporary, meta);
            Tombstones.NONE.write(files, temporary.resolve(Tombstones.FILE));
            files.syncDirectory(temporary);
            files.rename(temporary, target);
            complete = true;
            files.syncDirectory(parent);
            return meta;
        } finally {
            if (!complete) {
                files.delete(temporary);
            }
        }
    }

    /** What was written, and the first and the last timestamp of it. */
    private record Written(Stats stats, long firstMs, long lastMs) {}

    private Written writeFiles(Path directory, Collection<String> texts, ChunkSeriesSet series) throws IOException {
        TreeSet<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        symbols.add("");
        symbols.addAll(texts);
        long samples = 0;
        long histograms = 0;
        long chunks = 0;
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;
        try (ChunkWriter chunkWriter = new ChunkWriter(files, directory.resolve(ChunkLayout.DIRECTORY), segmentBytes);
                IndexWriter index =
                        new IndexWriter(files, directory.resolve(IndexLayout.FILE), new ArrayList<>(symbols))) {
            SeriesEntry entry = new SeriesEntry();
            while (series.nextSeries()) {
                entry.reserveChunks(0);
                while (series.nextChunk()) {
                    byte[] data = series.bytes();
                    int count = ChunkDecoder.count(series.encoding(), data, 0);
                    if (count == 0) {
                        continue;
                    }
                    int at = entry.chunks;
                    entry.reserveChunks(at + 1);
                    entry.minTimesMs[at] = series.minTimeMs();
                    entry.maxTimesMs[at] = series.maxTimeMs();
                    firstMs = Math.min(firstMs, series.minTimeMs());
                    lastMs = Math.max(lastMs, series.maxTimeMs());
                    entry.chunkRefs[at] = chunkWriter.write(series.encoding(), data);
                    samples += count;
                    histograms += series.encoding().isFloats() ? 0 : count;
                    chunks++;
                }
                if (entry.chunks > 0) {
                    index.series(series.labels(), entry);
                }
            }
            if (samples == 0) {
                return new Written(Stats.NONE, firstMs, lastMs);
            }
            chunkWriter.complete();
            index.complete();
            Stats stats = new Stats(samples, 0, histograms, index.seriesCount(), chunks, 0);
            return new Written(stats, firstMs, lastMs);
        }
    }

    /** The texts of all symbols of blocks, for a block that is made of them. */
    public static List<String> symbols(Collection<Block> blocks) throws IOException {
        TreeSet<String> texts = new TreeSet<>(Utf8Order.COMPARATOR);
        for (Block block : blocks) {
            if (!block.acquire()) {
                throw new IOException(block.directory() + ": the block was closed while it was to be merged");
            }
            try {
                texts.addAll(List.of(block.index().symbols().all(block.index().reader())));
            } finally {
                block.release();
            }
        }
        return new ArrayList<>(texts);
    }
}
