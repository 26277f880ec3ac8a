// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.block.ChunkCutter.Chunk;
import dev.narthex.tsdb.block.ListedChunks;
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
final class MergedChunks extends ListedChunks {
    private static final class Part {
        private final ChunkSeriesSet series;
        private final int order;
        private Labels labels = Labels.EMPTY;

        Part(ChunkSeriesSet series, int order) {
            this.series = series;
            this.order = order;
        }
    }

    /** A chunk and the number of the set that it comes from. */
    private record Placed(Chunk chunk, int order) {}

    private final List<Part> open = new ArrayList<>();
    private final List<Part> current = new ArrayList<>();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final ChunkCutter cutter = new ChunkCutter();
    private Labels labels = Labels.EMPTY;

    /** @param sets of samples of one time that of an earlier set stays */
    MergedChunks(List<ChunkSeriesSet> sets) {
        for (int i = 0; i < sets.size(); i++) {
            ChunkSeriesSet set = sets.get(i);
            Part part = new Part(set, i);
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
        List<Placed> all = new ArrayList<>();
        for (Part part : current) {
            while (part.series.nextChunk()) {
                all.add(new Placed(
                        new Chunk(
                                part.series.encoding(),
                                part.series.minTimeMs(),
                                part.series.maxTimeMs(),
                                part.series.bytes()),
                        part.order));
            }
        }
        show(withoutOverlaps(all));
        return true;
    }

    private List<Chunk> withoutOverlaps(List<Placed> all) {
        all.sort(Comparator.comparingLong(placed -> placed.chunk.minTimeMs()));
        List<Chunk> result = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); ) {
            long end = all.get(from).chunk.maxTimeMs();
            int to = from + 1;
            while (to < all.size() && all.get(to).chunk.minTimeMs() <= end) {
                end = Math.max(end, all.get(to).chunk.maxTimeMs());
                to++;
            }
            if (to == from + 1 || allEqual(all, from, to)) {
                result.add(all.get(from).chunk);
            } else {
                result.addAll(merge(all.subList(from, to)));
            }
            from = to;
        }
        return result;
    }

    private static boolean allEqual(List<Placed> all, int from, int to) {
        Chunk first = all.get(from).chunk;
        for (int i = from + 1; i < to; i++) {
            Chunk other = all.get(i).chunk;
            if (other.encoding() != first.encoding() || !Arrays.equals(other.bytes(), first.bytes())) {
                return false;
            }
        }
        return true;
    }

    /** Of samples of one time that of the first set stays. */
    private List<Chunk> merge(List<Placed> overlapping) {
        List<Placed> sorted = new ArrayList<>(overlapping);
        sorted.sort(Comparator.comparingInt(Placed::order).thenComparingLong(placed -> placed.chunk.minTimeMs()));
        SampleBuffer merged = new SampleBuffer();
        SampleBuffer run = new SampleBuffer();
        for (int i = 0; i < sorted.size(); i++) {
            Chunk chunk = sorted.get(i).chunk;
            decoder.decode(
                    chunk.encoding(), chunk.bytes(), 0, chunk.bytes().length, Long.MIN_VALUE, Long.MAX_VALUE, run);
            boolean goesOn = i + 1 < sorted.size()
                    && sorted.get(i + 1).order == sorted.get(i).order
                    && sorted.get(i + 1).chunk.minTimeMs() > chunk.maxTimeMs();
            if (!goesOn) {
                SampleBuffer both = new SampleBuffer();
                SampleMerge.merge(merged, run, both);
                merged = both;
                run.clear();
            }
        }
        return cutter.cut(merged);
    }

    @Override
    public Labels labels() {
        return labels;
    }
}
