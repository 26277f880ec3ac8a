// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import org.jspecify.annotations.Nullable;

/**
 * A source of series: gives them one by one, as {@link Column columns} over the same steps. No two of them have the same
 * labels and a value at the same step.
 */
interface VectorOperator {
    /** The next series, which has a value at one step at least and belongs to the caller; null at the end. */
    @Nullable
    Column next();

    /**
     * Whether the labels of the series differ even without the metric name, since there is only one name: then an
     * operator that drops it need not look for series that become equal.
     */
    boolean hasOneName();
}
