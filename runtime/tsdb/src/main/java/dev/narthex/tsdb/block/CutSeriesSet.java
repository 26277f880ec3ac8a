// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;
import java.util.List;

/** The samples of a selection encoded as chunks: a head, or blocks that overlap. Series without samples are left out. */
public final class CutSeriesSet implements ChunkSeriesSet {
    private final SeriesSet series;
    private final ChunkCutter cutter = new ChunkCutter();
    private final SampleBuffer samples = new SampleBuffer();
    private List<ChunkCutter.Chunk> chunks = List.of();
    private int at = -1;

    /** @param series in the order of their labels */
    public CutSeriesSet(SeriesSet series) {
        this.series = series;
    }

    @Override
    public boolean nextSeries() {
        at = -1;
        while (series.next()) {
            samples.clear();
            series.samples(samples);
            if (!samples.isEmpty()) {
                chunks = cutter.cut(samples);
                return true;
            }
        }
        return false;
    }

    @Override
    public Labels labels() {
        return series.labels();
    }

    @Override
    public boolean nextChunk() {
        return ++at < chunks.size();
    }

    @Override
    public ChunkEncoding encoding() {
        return chunks.get(at).encoding();
    }

    @Override
    public long minTimeMs() {
        return chunks.get(at).minTimeMs();
    }

    @Override
    public long maxTimeMs() {
        return chunks.get(at).maxTimeMs();
    }

    @Override
    public byte[] bytes() {
        return chunks.get(at).bytes();
    }
}
