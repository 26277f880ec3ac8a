// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.Intervals;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A view of the head as of one commit. */
final class HeadQuerier extends HeadView {
    private final long commit;
    private final long mintMs;
    private final long maxtMs;
    private final Map<Long, Intervals> deleted;
    private final int @Nullable [] only;

    HeadQuerier(Head head, long mintMs, long maxtMs, SelectionMemory memory) {
        this(head, mintMs, maxtMs, null, memory);
    }

    /** One that shows these series, whatever the matchers. */
    static HeadQuerier only(Head head, long mintMs, long maxtMs, int[] records) {
        return new HeadQuerier(head, mintMs, maxtMs, records, SelectionMemory.unlimited());
    }

    private HeadQuerier(Head head, long mintMs, long maxtMs, int @Nullable [] only, SelectionMemory memory) {
        super(head, mintMs, memory);
        this.only = only;
        commit = head.readers().commitOf(reader);
        this.mintMs = Math.max(mintMs, head.mintMs());
        head.readers().setMint(reader, this.mintMs);
        this.maxtMs = maxtMs;
        deleted = head.tombstones().snapshot();
    }

    /** The last commit that is seen. */
    long commit() {
        return commit;
    }

    @Override
    public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
        requireOpen();
        RecordSelection.requireMatcher(matchers);
        int[] records = overlapsHead() ? inRange(matching(matchers)) : new int[0];
        return new HeadSeriesSet(RecordSelection.of(index, records, hints, memory), hints.newestOnly());
    }

    @Override
    public ChunkSeriesSet chunks(SelectHints hints, List<LabelMatcher> matchers) {
        requireOpen();
        RecordSelection.requireMatcher(matchers);
        int[] records = overlapsHead() ? inRange(matching(matchers)) : new int[0];
        return new HeadChunks(
                index,
                RecordSelection.of(index, records, hints, memory),
                new SeriesReader(head.samples(), commit, mintMs, maxtMs, false),
                deleted);
    }

    private int[] matching(List<LabelMatcher> matchers) {
        return only == null ? new SeriesSelector(index, memory).select(matchers) : only.clone();
    }

    /** Leaves out series whose last sample is before the range. */
    private int[] inRange(int[] records) {
        int count = 0;
        for (int record : records) {
            if (head.seriesPage(record)[head.seriesOffset(record) + SeriesLayout.LAST_T] >= mintMs) {
                records[count++] = record;
            }
        }
        return count == records.length ? records : Arrays.copyOf(records, count);
    }

    @Override
    public List<String> labelNames(List<LabelMatcher> matchers) {
        requireOpen();
        if (!overlapsHead()) {
            return List.of();
        }
        if (!matchers.isEmpty() || only != null) {
            return namesOf(inRange(matching(matchers)));
        }
        SelectionMemory.Strings names = memory.strings();
        ReadProgress progress = new ReadProgress();
        for (int symbol : index.nameSymbols()) {
            progress.step();
            names.add(index.symbols.string(symbol));
        }
        return sorted(names, progress);
    }

    @Override
    public List<String> labelValues(String name, List<LabelMatcher> matchers) {
        requireOpen();
        int symbol = index.nameSymbol(name);
        if (symbol == 0 || !overlapsHead()) {
            return List.of();
        }
        if (!matchers.isEmpty() || only != null) {
            return valuesOf(symbol, inRange(matching(matchers)));
        }
        SelectionMemory.Strings values = memory.strings();
        ReadProgress progress = new ReadProgress();
        for (int pair = index.firstPairOf(symbol); pair != 0; pair = index.pairs.next(pair)) {
            progress.step();
            values.add(index.symbols.string(index.pairs.value(pair)));
        }
        return sorted(values, progress);
    }

    private boolean overlapsHead() {
        return mintMs <= maxtMs && mintMs <= head.maxTimeMs() && maxtMs >= head.minTimeMs();
    }

    /** The cursor over selected records. */
    private final class HeadSeriesSet implements SeriesSet {
        private final int[] records;
        private final SeriesReader series;
        private int at = -1;

        HeadSeriesSet(int[] records, boolean newestOnly) {
            this.records = records;
            // Where something is deleted, the newest sample may be one that is not shown.
            series = new SeriesReader(head.samples(), commit, mintMs, maxtMs, newestOnly && deleted.isEmpty());
        }

        @Override
        public boolean next() {
            requireOpen();
            while (++at < records.length) {
                if (series.load(records[at])) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Labels labels() {
            return index.labels(records[at]);
        }

        @Override
        public void samples(SampleBuffer into) {
            requireOpen();
            int before = into.size();
            series.read(into);
            if (!deleted.isEmpty()) {
                deleted.getOrDefault(index.refOf(records[at]), Intervals.NONE).removeFrom(into, before);
            }
        }
    }
}
