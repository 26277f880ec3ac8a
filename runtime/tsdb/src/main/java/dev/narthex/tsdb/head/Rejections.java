// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.storage.AppendResult;
import java.util.concurrent.atomic.LongAdder;

/** Counts samples that were refused when they came. Safe for use by many threads. */
final class Rejections {
    private final LongAdder[] counts = new LongAdder[6];

    Rejections() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts a result where it is one of those that are counted; gives it back. */
    AppendResult count(AppendResult result, boolean histogram) {
        int kind = histogram ? 3 : 0;
        switch (result) {
            case OUT_OF_ORDER -> counts[kind].increment();
            case OUT_OF_BOUNDS -> counts[kind + 1].increment();
            case TOO_OLD -> counts[kind + 2].increment();
            default -> {
                // Not a matter of time.
            }
        }
        return result;
    }

    RejectedSamples floats() {
        return new RejectedSamples(counts[0].sum(), counts[1].sum(), counts[2].sum());
    }

    RejectedSamples histograms() {
        return new RejectedSamples(counts[3].sum(), counts[4].sum(), counts[5].sum());
    }
}
