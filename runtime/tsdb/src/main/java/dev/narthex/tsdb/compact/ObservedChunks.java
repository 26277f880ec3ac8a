// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.tsdb.chunk.ChunkDecoder;

/** Tells an observer of each chunk that is taken. For one thread. */
final class ObservedChunks implements ChunkSeriesSet {
    private final ChunkSeriesSet chunks;
    private final BlockObserver observer;

    ObservedChunks(ChunkSeriesSet chunks, BlockObserver observer) {
        this.chunks = chunks;
        this.observer = observer;
    }

    @Override
    public boolean nextSeries() {
        return chunks.nextSeries();
    }

    @Override
    public Labels labels() {
        return chunks.labels();
    }

    @Override
    public boolean nextChunk() {
        return chunks.nextChunk();
    }

    @Override
    public ChunkEncoding encoding() {
        return chunks.encoding();
    }

    @Override
    public long minTimeMs() {
        return chunks.minTimeMs();
    }

    @Override
    public long maxTimeMs() {
        return chunks.maxTimeMs();
    }

    @Override
    public byte[] bytes() {
        byte[] bytes = chunks.bytes();
        observer.chunkCut(ChunkDecoder.count(encoding(), bytes, 0), bytes.length, maxTimeMs() - minTimeMs());
        return bytes;
    }
}
