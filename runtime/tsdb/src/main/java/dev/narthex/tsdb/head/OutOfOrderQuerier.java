// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.CutSeriesSet;
import dev.narthex.tsdb.block.SampleMerge;
import java.util.Arrays;
import java.util.List;

/** A view of the samples that came out of order, as of one commit. */
final class OutOfOrderQuerier extends HeadView {
    private final long commit;
    private final int fromGeneration;
    private final int toGeneration;
    private final long mintMs;
    private final long maxtMs;

    /**
     * @param commit the last commit to be seen
     * @param fromGeneration the first generation of pieces to be seen
     * @param toGeneration the first one not to be seen any more
     */
    OutOfOrderQuerier(
            Head head,
            long commit,
            int fromGeneration,
            int toGeneration,
            long mintMs,
            long maxtMs,
            SelectionMemory memory) {
        super(head, Long.MAX_VALUE, memory);
        this.commit = commit;
        this.fromGeneration = fromGeneration;
        this.toGeneration = toGeneration;
        this.mintMs = mintMs;
        this.maxtMs = maxtMs;
    }

    @Override
    public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
        requireOpen();
        RecordSelection.requireMatcher(matchers);
        return new Set(RecordSelection.of(index, selected(matchers), hints, memory));
    }

    @Override
    public ChunkSeriesSet chunks(SelectHints hints, List<LabelMatcher> matchers) {
        return new CutSeriesSet(select(hints, matchers));
    }

    /** Series that have samples here, all or those that meet matchers. */
    private int[] selected(List<LabelMatcher> matchers) {
        int[] present = overlaps() ? head.outOfOrder().store().records() : new int[0];
        if (present.length == 0 || matchers.isEmpty()) {
            return present;
        }
        int[] met = new SeriesSelector(index, memory).select(matchers);
        int count = 0;
        for (int record : met) {
            if (Arrays.binarySearch(present, record) >= 0) {
                met[count++] = record;
            }
        }
        return Arrays.copyOf(met, count);
    }

    private boolean overlaps() {
        return mintMs <= maxtMs
                && mintMs <= head.outOfOrder().store().maxTimeMs()
                && maxtMs >= head.outOfOrder().store().minTimeMs();
    }

    @Override
    public List<String> labelNames(List<LabelMatcher> matchers) {
        requireOpen();
        return namesOf(selected(matchers));
    }

    @Override
    public List<String> labelValues(String name, List<LabelMatcher> matchers) {
        requireOpen();
        int symbol = index.nameSymbol(name);
        return symbol == 0 ? List.of() : valuesOf(symbol, selected(matchers));
    }

    /** The cursor over selected series; those without samples to be seen are left out. */
    private final class Set implements SeriesSet {
        private final int[] records;
        private final OutOfOrderReader series = new OutOfOrderReader(
                head.outOfOrder().store(),
                head.samples().mapped(),
                commit,
                fromGeneration,
                toGeneration,
                mintMs,
                maxtMs);
        private final ReadProgress progress = new ReadProgress();
        private final SampleBuffer samples = new SampleBuffer(progress);
        private int at = -1;

        Set(int[] records) {
            this.records = records;
        }

        @Override
        public boolean next() {
            requireOpen();
            while (++at < records.length) {
                progress.step();
                samples.clear();
                series.read(records[at], samples);
                if (!samples.isEmpty()) {
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
            for (int i = 0; i < samples.size(); i++) {
                SampleMerge.append(samples, i, into);
            }
        }
    }
}
