// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import java.util.List;

/** Series whose chunks are all there when the cursor comes to them. For one thread. */
public abstract class ListedChunks implements ChunkSeriesSet {
    private List<ChunkCutter.Chunk> chunks = List.of();
    private int at = -1;

    /** Goes before the first chunk of a series. */
    protected final void show(List<ChunkCutter.Chunk> ofSeries) {
        chunks = ofSeries;
        at = -1;
    }

    @Override
    public final boolean nextChunk() {
        return ++at < chunks.size();
    }

    @Override
    public final ChunkEncoding encoding() {
        return chunks.get(at).encoding();
    }

    @Override
    public final long minTimeMs() {
        return chunks.get(at).minTimeMs();
    }

    @Override
    public final long maxTimeMs() {
        return chunks.get(at).maxTimeMs();
    }

    @Override
    public final byte[] bytes() {
        return chunks.get(at).bytes();
    }
}
