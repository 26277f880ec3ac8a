// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** An operator that must see all of its input before it gives anything: it works when it is first asked. */
abstract class BufferedOperator implements VectorOperator {
    private @Nullable ArrayDeque<Column> results;

    /** Evaluates all; the columns are given out in this order. */
    abstract ArrayDeque<Column> evaluate();

    @Override
    public final @Nullable Column next() {
        ArrayDeque<Column> left = results;
        if (left == null) {
            left = evaluate();
            results = left;
        }
        return left.pollFirst();
    }
}
