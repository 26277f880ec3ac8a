// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rules evaluate their expressions. Safe for use by many threads. */
@FunctionalInterface
public interface QueryFunction {
    /**
     * A sample of an instant vector.
     *
     * @param value the value; 0 for a native histogram
     * @param histogram the native histogram that it is, null for a float
     */
    record Sample(Labels labels, double value, @Nullable NativeHistogram histogram) {
        /** A float. */
        public Sample(Labels labels, double value) {
            this(labels, value, null);
        }
    }

    /**
     * Evaluates an instant query.
     *
     * @param expr PromQL
     * @param timestampMs the evaluation time, milliseconds since 1970
     * @return the vector; a scalar is one sample without labels
     * @throws IllegalArgumentException when the expression cannot be evaluated; the message says why
     */
    List<Sample> query(String expr, long timestampMs);

    /**
     * The same for the rules of one group.
     *
     * @param file the file where the group stands
     * @param group its name
     */
    default QueryFunction ofGroup(String file, String group) {
        return this;
    }

    /**
     * The expression in its canonical form.
     *
     * @throws IllegalArgumentException when it is no valid expression; the message says where and why
     */
    default String normalize(String expr) {
        return expr;
    }
}
