// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A cursor over series of a block. For one thread. */
final class BlockSeries implements SeriesSet {
    private final IndexReader index;
    private final PageReader in;
    private final SymbolCache symbols;
    private final ChunkReader chunks;
    private final Tombstones tombstones;
    /** Chunks of a series that overlap, as some writers make them, come out as one ascending run. */
    private final RunJoiner runs = new RunJoiner();

    private final int[] refs;
    private final long mintMs;
    private final long maxtMs;
    private final SeriesEntry entry = new SeriesEntry();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private int at = -1;

    BlockSeries(
            IndexReader index,
            PageReader in,
            SymbolCache symbols,
            ChunkReader chunks,
            Tombstones tombstones,
            int[] refs,
            long mintMs,
            long maxtMs) {
        this.index = index;
        this.in = in;
        this.symbols = symbols;
        this.chunks = chunks;
        this.tombstones = tombstones;
        this.refs = refs;
        this.mintMs = mintMs;
        this.maxtMs = maxtMs;
    }

    @Override
    public boolean next() {
        try {
            while (++at < refs.length) {
                index.series(in, refs[at], entry);
                if (entry.overlaps(mintMs, maxtMs)
                        && !deleted().covers(entry.minTimesMs[0], entry.maxTimesMs[entry.chunks - 1])) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SeriesEntry entry() {
        return entry;
    }

    Intervals deleted() {
        return tombstones.of(refs[at]);
    }

    ChunkReader chunks() {
        return chunks;
    }

    long mintMs() {
        return mintMs;
    }

    long maxtMs() {
        return maxtMs;
    }

    @Override
    public Labels labels() {
        try {
            return BlockQuerier.labels(entry, symbols);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void samples(SampleBuffer into) {
        int before = into.size();
        try {
            for (int i = 0; i < entry.chunks; i++) {
                if (entry.minTimesMs[i] <= maxtMs && entry.maxTimesMs[i] >= mintMs) {
                    decode(i, into, before);
                }
            }
        } catch (IOException e) {
            into.truncate(before);
            throw new UncheckedIOException(e);
        }
        deleted().removeFrom(into, before);
    }

    private void decode(int chunk, SampleBuffer into, int before) throws IOException {
        chunks.load(entry.chunkRefs[chunk]);
        int size = into.size();
        try {
            decoder.decode(chunks.encoding(), chunks.bytes(), chunks.offset(), chunks.length(), mintMs, maxtMs, into);
        } catch (CorruptChunkException e) {
            throw new CorruptBlockException(
                    block(),
                    "a chunk cannot be decoded, found at reference 0x" + Long.toHexString(entry.chunkRefs[chunk]),
                    e);
        }
        runs.join(into, before, size);
    }

    private Path block() {
        return chunks.directory();
    }
}
