// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Utf8Order;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadProgress;
import java.util.List;

/** A view of the head that keeps what it shows from being freed until it is closed. For one thread. */
abstract sealed class HeadView implements Querier permits HeadQuerier, OutOfOrderQuerier {
    final Head head;
    final HeadIndex index;
    /** The place among the readers. */
    final int reader;

    /** What the lists of this view take. */
    final SelectionMemory memory;

    private boolean open = true;

    /**
     * @param mintMs samples in order from this timestamp on are to be kept
     * @param memory closed with the view
     */
    HeadView(Head head, long mintMs, SelectionMemory memory) {
        this.head = head;
        this.memory = memory;
        index = head.index();
        // Entered first: from then on the collector keeps what the view shows, and the head's bound is read behind.
        reader = head.readers().enter(mintMs);
        try {
            head.requireOpen(); // asked behind the entry: the memory stays from here on
        } catch (IllegalStateException e) {
            head.readers().leave(reader);
            throw e;
        }
    }

    @Override
    public final void close() {
        if (open) {
            open = false;
            head.readers().leave(reader);
            memory.close();
        }
    }

    /** The names that some series have, sorted. */
    final List<String> namesOf(int[] records) {
        SelectionMemory.Strings names = memory.strings();
        ReadProgress progress = new ReadProgress();
        PairVerdicts seen = new PairVerdicts();
        for (int record : records) {
            progress.step();
            int labelSet = index.labelSet(record);
            for (int i = index.labelSets.size(labelSet) - 1; i >= 0; i--) {
                seen.of(index.pairs.name(index.labelSets.pair(labelSet, i)), symbol -> {
                    names.add(index.symbols.string(symbol));
                    return true;
                });
            }
        }
        return sorted(names, progress);
    }

    /**
     * The values that some series have of a name, sorted.
     *
     * @param name its symbol
     */
    final List<String> valuesOf(int name, int[] records) {
        SelectionMemory.Strings values = memory.strings();
        ReadProgress progress = new ReadProgress();
        PairVerdicts seen = new PairVerdicts();
        for (int record : records) {
            progress.step();
            int labelSet = index.labelSet(record);
            for (int i = index.labelSets.size(labelSet) - 1; i >= 0; i--) {
                int pair = index.labelSets.pair(labelSet, i);
                if (index.pairs.name(pair) == name) {
                    seen.of(pair, met -> {
                        values.add(index.symbols.string(index.pairs.value(met)));
                        return true;
                    });
                }
            }
        }
        return sorted(values, progress);
    }

    static List<String> sorted(SelectionMemory.Strings found, ReadProgress progress) {
        List<String> strings = found.list();
        strings.sort(progress.counted(Utf8Order.COMPARATOR));
        return strings;
    }

    final void requireOpen() {
        if (!open) {
            throw new IllegalStateException("querier: closed already");
        }
    }
}
