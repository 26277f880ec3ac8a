// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import org.jspecify.annotations.Nullable;

/**
 * The moment at which a selector or subquery is looked at, by step.
 *
 * @param atMs the fixed moment, null where it is the step's own
 * @param offsetMs how far back from there
 */
record SelectorTime(@Nullable Long atMs, long offsetMs) {
    long timeMs(Steps steps, int step) {
        return (atMs == null ? steps.timeMs(step) : atMs) - offsetMs;
    }

    long firstMs(Steps steps) {
        return timeMs(steps, 0);
    }

    long lastMs(Steps steps) {
        return timeMs(steps, Math.max(0, steps.count() - 1));
    }
}
