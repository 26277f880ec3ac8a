// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

/**
 * A query as it was asked.
 *
 * @param text PromQL
 * @param startMs the first step, milliseconds since 1970
 * @param endMs the end, that of the start for an instant query
 * @param stepMs the distance of two steps, 0 for an instant query
 */
public record AskedQuery(String text, long startMs, long endMs, long stepMs, QueryOrigin origin) {
    /** A query at one moment. */
    public static AskedQuery instant(String text, long timestampMs, QueryOrigin origin) {
        return new AskedQuery(text, timestampMs, timestampMs, 0, origin);
    }
}
