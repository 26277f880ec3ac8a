// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.CutSeriesSet;
import dev.narthex.tsdb.block.SampleMerge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A view of the samples that came out of order, as of one commit. */
final class OutOfOrderQuerier extends HeadView {
    private final long commit;
    private final int fromGeneration;
    private final int toGeneration;
    private final long mintMs;
    private final long maxtMs;
    /** The label sets of all series here, once they were asked for. */
    private @Nullable List<Labels> every;

    /**
     * @param commit the last commit to be seen
     * @param fromGeneration the first generation of pieces to be seen
     * @param toGeneration the first one not to be seen any more
     */
    OutOfOrderQuerier(Head head, long commit, int fromGeneration, int toGeneration, long mintMs, long maxtMs) {
        super(head, Long.MAX_VALUE);
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
        return new Set(RecordSelection.of(index, selected(matchers), hints));
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
        int[] met = new SeriesSelector(index).select(matchers);
        int count = 0;
        for (int record : met) {
            if (Arrays.binarySearch(present, record) >= 0) {
                met[count++] = record;
            }
        }
        return Arrays.copyOf(met, count);
    }

    private List<Labels> labelSets(List<LabelMatcher> matchers) {
        List<Labels> known = every;
        if (known != null && matchers.isEmpty()) {
            return known;
        }
        List<Labels> sets = new ArrayList<>();
        ReadProgress progress = new ReadProgress();
        for (int record : selected(matchers)) {
            progress.step();
            sets.add(index.labels(record));
        }
        if (matchers.isEmpty()) {
            every = sets;
        }
        return sets;
    }

    private boolean overlaps() {
        return mintMs <= maxtMs
                && mintMs <= head.outOfOrder().store().maxTimeMs()
                && maxtMs >= head.outOfOrder().store().minTimeMs();
    }

    @Override
    public List<String> labelNames(List<LabelMatcher> matchers) {
        requireOpen();
        TreeSet<String> names = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
        for (Labels labels : labelSets(matchers)) {
            for (int i = 0; i < labels.size(); i++) {
                names.add(labels.name(i));
            }
        }
        return new ArrayList<>(names);
    }

    @Override
    public List<String> labelValues(String name, List<LabelMatcher> matchers) {
        requireOpen();
        TreeSet<String> values = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
        for (Labels labels : labelSets(matchers)) {
            String value = labels.getOrEmpty(name);
            if (!value.isEmpty()) {
                values.add(value);
            }
        }
        return new ArrayList<>(values);
    }

    /** The cursor over selected series; those without samples to be seen are left out. */
    private final class Set implements SeriesSet {
        private final RecordSelection selection;
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

        Set(RecordSelection selection) {
            this.selection = selection;
        }

        @Override
        public boolean next() {
            requireOpen();
            while (++at < selection.size()) {
                progress.step();
                samples.clear();
                series.read(selection.record(at), samples);
                if (!samples.isEmpty()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Labels labels() {
            return selection.labels(index, at);
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
