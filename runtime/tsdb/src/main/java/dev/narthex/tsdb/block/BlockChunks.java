// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/**
 * A cursor over the chunks of series of a block: as they lie on disk, but for those of which a part is deleted, which are
 * encoded anew. For one thread.
 */
final class BlockChunks implements ChunkSeriesSet {
    private final BlockSeries series;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final ChunkCutter cutter = new ChunkCutter();
    /** What is left of a chunk of which a part is deleted. */
    private final ArrayDeque<ChunkCutter.Chunk> rest = new ArrayDeque<>();

    private int at;
    private ChunkCutter.Chunk current = new ChunkCutter.Chunk(ChunkEncoding.XOR, 0, 0, new byte[0]);

    BlockChunks(BlockSeries series) {
        this.series = series;
    }

    @Override
    public boolean nextSeries() {
        at = -1;
        rest.clear();
        return series.next();
    }

    @Override
    public Labels labels() {
        return series.labels();
    }

    @Override
    public boolean nextChunk() {
        try {
            while (true) {
                ChunkCutter.Chunk left = rest.poll();
                if (left != null) {
                    current = left;
                    return true;
                }
                SeriesEntry entry = series.entry();
                if (++at >= entry.chunks) {
                    return false;
                }
                long mint = entry.minTimesMs[at];
                long maxt = entry.maxTimesMs[at];
                if (mint > series.maxtMs()
                        || maxt < series.mintMs()
                        || series.deleted().covers(mint, maxt)) {
                    continue;
                }
                ChunkReader chunks = series.chunks();
                chunks.load(entry.chunkRefs[at]);
                if (!series.deleted().overlaps(mint, maxt)) {
                    current = new ChunkCutter.Chunk(chunks.encoding(), mint, maxt, chunks.copy());
                    return true;
                }
                SampleBuffer samples = new SampleBuffer();
                decoder.decode(
                        chunks.encoding(),
                        chunks.bytes(),
                        chunks.offset(),
                        chunks.length(),
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        samples);
                series.deleted().removeFrom(samples, 0);
                rest.addAll(cutter.cut(samples));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CorruptChunkException e) {
            throw new UncheckedIOException(
                    new CorruptBlockException(series.chunks().directory(), "a chunk cannot be decoded", e));
        }
    }

    @Override
    public ChunkEncoding encoding() {
        return current.encoding();
    }

    @Override
    public long minTimeMs() {
        return current.minTimeMs();
    }

    @Override
    public long maxTimeMs() {
        return current.maxTimeMs();
    }

    @Override
    public byte[] bytes() {
        return current.bytes();
    }
}
