// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Utf8Order;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.CutSeriesSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A view of several others as one: series with the same labels come once, and of samples with the same timestamp one. For
 * one thread.
 */
public final class MergedQuerier implements Querier {
    private final List<Querier> parts;

    /** @param parts belong to this one from then on; of samples of one time that of an earlier part is shown */
    public MergedQuerier(List<? extends Querier> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
        return SelectedShard.of(hints, merged(hints, matchers));
    }

    private SeriesSet merged(SelectHints hints, List<LabelMatcher> matchers) {
        if (parts.size() == 1) {
            return parts.getFirst().select(hints, matchers);
        }
        // Merging needs all parts in the same order, and all their series.
        SelectHints sorted = hints.allSorted();
        List<SeriesSet> sets = new ArrayList<>(parts.size());
        for (Querier part : parts) {
            sets.add(part.select(sorted, matchers));
        }
        return new MergedSeriesSet(sets);
    }

    @Override
    public ChunkSeriesSet chunks(SelectHints hints, List<LabelMatcher> matchers) {
        SelectHints sorted = new SelectHints(
                hints.startMs(),
                hints.endMs(),
                hints.stepMs(),
                hints.rangeMs(),
                hints.function(),
                true,
                hints.limit(),
                hints.shard(),
                hints.shards(),
                false);
        return new CutSeriesSet(select(sorted, matchers));
    }

    @Override
    public List<String> labelNames(List<LabelMatcher> matchers) {
        if (parts.size() == 1) {
            return parts.getFirst().labelNames(matchers);
        }
        TreeSet<String> names = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
        for (Querier part : parts) {
            names.addAll(part.labelNames(matchers));
        }
        return new ArrayList<>(names);
    }

    @Override
    public List<String> labelValues(String name, List<LabelMatcher> matchers) {
        if (parts.size() == 1) {
            return parts.getFirst().labelValues(name, matchers);
        }
        TreeSet<String> values = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
        for (Querier part : parts) {
            values.addAll(part.labelValues(name, matchers));
        }
        return new ArrayList<>(values);
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        for (Querier part : parts) {
            try {
                part.close();
            } catch (RuntimeException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
