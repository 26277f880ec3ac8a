// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;

/** The samples of a selection encoded as chunks: a head, or blocks that overlap. Series without samples are left out. */
public final class CutSeriesSet extends ListedChunks {
    private final SeriesSet series;
    private final ChunkCutter cutter = new ChunkCutter();
    private final SampleBuffer samples = new SampleBuffer();

    /** @param series in the order of their labels */
    public CutSeriesSet(SeriesSet series) {
        this.series = series;
    }

    @Override
    public boolean nextSeries() {
        while (series.next()) {
            samples.clear();
            series.samples(samples);
            if (!samples.isEmpty()) {
                show(cutter.cut(samples));
                return true;
            }
        }
        return false;
    }

    @Override
    public Labels labels() {
        return series.labels();
    }
}
