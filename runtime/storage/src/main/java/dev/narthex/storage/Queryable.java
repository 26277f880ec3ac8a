// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** Something samples can be read from. Safe for use by many threads. */
@FunctionalInterface
public interface Queryable {
    /**
     * Opens a view of the samples with {@code mintMs <= timestamp <= maxtMs}, consistent for as long as it is open.
     *
     * @param mintMs inclusive, milliseconds since 1970
     * @param maxtMs inclusive, milliseconds since 1970
     */
    Querier querier(long mintMs, long maxtMs);
}
