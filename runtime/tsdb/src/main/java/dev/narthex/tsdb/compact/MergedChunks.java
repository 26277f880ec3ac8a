// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.block.ChunkCutter.Chunk;
import dev.narthex.tsdb.block.SampleMerge;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The chunks of several blocks as those of one. A chunk that overlaps no other is passed on as it is; those that overlap
 * are decoded, merged and encoded anew. For one thread.
 */
final class MergedChunks implements ChunkSeriesSet {
    private static final class Part {
        private final ChunkSeriesSet series;
        private Labels labels = Labels.EMPTY;

        Part(ChunkSeriesSet series) {
            this.series = series;
        }
    }

    private final List<Part> open = new ArrayList<>();
    private final List<Part> current = new ArrayList<>();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final ChunkCutter cutter = new ChunkCutter();
    private Labels labels = Labels.EMPTY;
    private List<Chunk> chunks = List.of();
    private int at = -1;

    MergedChunks(List<ChunkSeriesSet> sets) {
        for (ChunkSeriesSet set : sets) {
            Part part = new Part(set);
            if (set.nextSeries()) {
                part.labels = set.labels();
                open.add(part);
            }
        }
    }

    @Override
    public boolean nextSeries() {
        for (Part part : current) {
            if (part.series.nextSeries()) {
                part.labels = part.series.labels();
            } else {
                open.remove(part);
            }
        }
        current.clear();
        for (Part part : open) {
            int order = current.isEmpty() ? -1 : part.labels.compareTo(current.getFirst().labels);
            if (order < 0) {
                current.clear();
            }
            if (order <= 0) {
                current.add(part);
            }
        }
        if (current.isEmpty()) {
            return false;
        }
        labels = current.getFirst().labels;
        List<Chunk> all = new ArrayList<>();
        for (Part part : current) {
            while (part.series.nextChunk()) {
                all.add(new Chunk(
                        part.series.encoding(), part.series.minTimeMs(), part.series.maxTimeMs(), part.series.bytes()));
            }
        }
        chunks = withoutOverlaps(all);
        at = -1;
        return true;
    }

    private List<Chunk> withoutOverlaps(List<Chunk> all) {
        all.sort(Comparator.comparingLong(Chunk::minTimeMs));
        List<Chunk> result = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); ) {
            long end = all.get(from).maxTimeMs();
            int to = from + 1;
            while (to < all.size() && all.get(to).minTimeMs() <= end) {
                end = Math.max(end, all.get(to).maxTimeMs());
                to++;
            }
            if (to == from + 1 || allEqual(all, from, to)) {
                result.add(all.get(from));
            } else {
                result.addAll(merge(all.subList(from, to)));
            }
            from = to;
        }
        return result;
    }

    private static boolean allEqual(List<Chunk> all, int from, int to) {
        Chunk first = all.get(from);
        for (int i = from + 1; i < to; i++) {
            Chunk other = all.get(i);
            if (other.encoding() != first.encoding() || !Arrays.equals(other.bytes(), first.bytes())) {
                return false;
            }
        }
        return true;
    }

    private List<Chunk> merge(List<Chunk> overlapping) {
        SampleBuffer merged = new SampleBuffer();
        for (Chunk chunk : overlapping) {
            SampleBuffer samples = new SampleBuffer();
            decoder.decode(
                    chunk.encoding(), chunk.bytes(), 0, chunk.bytes().length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
            SampleBuffer both = new SampleBuffer();
            SampleMerge.merge(merged, samples, both);
            merged = both;
        }
        return cutter.cut(merged);
    }

    @Override
    public Labels labels() {
        return labels;
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
