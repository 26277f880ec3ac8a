// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.block.ListedChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The series of a view of the head as chunks, for a block: chunks in files that lie wholly in its range are passed on as
 * they are, all other samples are encoded anew. Series without samples are left out. For one thread.
 */
final class HeadChunks extends ListedChunks {
    private final HeadIndex index;
    private final int[] records;
    private final SeriesReader series;
    private final Map<Long, Intervals> deleted;
    private final ChunkCutter cutter = new ChunkCutter();
    /** What is to be encoded before the next chunk that is passed on. */
    private final SampleBuffer samples = new SampleBuffer();

    private final List<ChunkCutter.Chunk> chunks = new ArrayList<>();
    private int at = -1;

    HeadChunks(HeadIndex index, int[] records, SeriesReader series, Map<Long, Intervals> deleted) {
        this.index = index;
        this.records = records;
        this.series = series;
        this.deleted = deleted;
    }

    @Override
    public boolean nextSeries() {
        while (++at < records.length) {
            if (series.load(records[at])) {
                chunks.clear();
                collect();
                if (!chunks.isEmpty()) {
                    show(chunks);
                    return true;
                }
            }
        }
        return false;
    }

    private void collect() {
        Intervals gone = deleted.get(index.refOf(records[at]));
        if (gone == null) {
            series.readChunks(samples, this::whole);
        } else {
            series.read(samples);
            gone.removeFrom(samples, 0);
        }
        encode();
    }

    private void whole(ChunkCutter.Chunk chunk) {
        encode();
        chunks.add(chunk);
    }

    private void encode() {
        if (!samples.isEmpty()) {
            chunks.addAll(cutter.cut(samples));
            samples.clear();
        }
    }

    @Override
    public Labels labels() {
        return index.labels(records[at]);
    }
}
