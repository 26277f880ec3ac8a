// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Utf8Order;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadProgress;
import java.util.List;
import java.util.function.IntUnaryOperator;

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
        return strings(records, index.pairs::name);
    }

    /**
     * The values that some series have of a name, sorted.
     *
     * @param name its symbol
     */
    final List<String> valuesOf(int name, int[] records) {
        return strings(records, pair -> index.pairs.name(pair) == name ? index.pairs.value(pair) : 0);
    }

    /** Each symbol once that the label pairs of some series stand for; 0 is none. */
    private List<String> strings(int[] records, IntUnaryOperator symbolOf) {
        SelectionMemory.Strings strings = memory.strings();
        ReadProgress progress = new ReadProgress();
        PairVerdicts seen = new PairVerdicts();
        for (int record : records) {
            progress.step();
            int labelSet = index.labelSet(record);
            for (int i = index.labelSets.size(labelSet) - 1; i >= 0; i--) {
                int symbol = symbolOf.applyAsInt(index.labelSets.pair(labelSet, i));
                if (symbol != 0) {
                    seen.of(symbol, met -> {
                        strings.add(index.symbols.string(met));
                        return true;
                    });
                }
            }
        }
        return sorted(strings, progress);
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
