// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.RunJoiner;
import java.util.ArrayList;
import java.util.List;

/**
 * Several selections, each in the order of labels, as one. The parts of a series are put behind one another where they do
 * not overlap, and merged where they do. For one thread.
 */
final class MergedSeriesSet implements SeriesSet {
    /** A selection and the labels of its current series. */
    private static final class Part {
        private final SeriesSet series;
        private final int order;
        private Labels labels = Labels.EMPTY;

        Part(SeriesSet series, int order) {
            this.series = series;
            this.order = order;
        }
    }

    private final List<Part> open = new ArrayList<>();
    /** The parts that have the current series, in their order. */
    private final List<Part> current = new ArrayList<>();

    private final RunJoiner runs = new RunJoiner();

    MergedSeriesSet(List<SeriesSet> sets) {
        for (int i = 0; i < sets.size(); i++) {
            Part part = new Part(sets.get(i), i);
            if (part.series.next()) {
                part.labels = part.series.labels();
                open.add(part);
            }
        }
    }

    @Override
    public boolean next() {
        for (Part part : current) {
            if (part.series.next()) {
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
        current.sort((a, b) -> Integer.compare(a.order, b.order));
        return !current.isEmpty();
    }

    @Override
    public Labels labels() {
        return current.getFirst().labels;
    }

    @Override
    public void samples(SampleBuffer into) {
        int before = into.size();
        for (Part part : current) {
            int end = into.size();
            part.series.samples(into);
            runs.join(into, before, end);
        }
    }
}
