// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a single query may set for itself.
 *
 * @param lookbackDelta in place of the engine's, null for the engine's
 * @param timeout in place of the engine's where it is shorter, null for the engine's
 */
public record QueryOptions(
        @Nullable Duration lookbackDelta, @Nullable Duration timeout) {
    /** All as the engine is configured. */
    public static final QueryOptions NONE = new QueryOptions(null, null);
}
