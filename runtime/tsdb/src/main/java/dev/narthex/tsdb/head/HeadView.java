// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.storage.Querier;

/** A view of the head that keeps what it shows from being freed until it is closed. For one thread. */
abstract sealed class HeadView implements Querier permits HeadQuerier, OutOfOrderQuerier {
    final Head head;
    final HeadIndex index;
    /** The place among the readers. */
    final int reader;

    private boolean open = true;

    /** @param mintMs samples in order from this timestamp on are to be kept */
    HeadView(Head head, long mintMs) {
        this.head = head;
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
        }
    }

    final void requireOpen() {
        if (!open) {
            throw new IllegalStateException("querier: closed already");
        }
    }
}
