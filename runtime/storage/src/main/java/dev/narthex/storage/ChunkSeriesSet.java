// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.Labels;

/**
 * A cursor over the chunks of selected series in the order of their labels, before the first series at the start: for
 * those who pass chunks on without looking into them (remote read, compaction). The chunks of a series do not overlap
 * and come in order of time; samples outside the range that was asked for may be in them. For one thread.
 */
public interface ChunkSeriesSet {
    /** Moves to the next series, before its first chunk; false at the end. */
    boolean nextSeries();

    /** The labels of the current series. */
    Labels labels();

    /** Moves to the next chunk of the current series; false at its end. */
    boolean nextChunk();

    ChunkEncoding encoding();

    /** The timestamp of the first sample of the current chunk, milliseconds since 1970. */
    long minTimeMs();

    /** The timestamp of the last sample of the current chunk, milliseconds since 1970. */
    long maxTimeMs();

    /** The encoded samples, the two bytes of their count first; a copy that belongs to the caller. */
    byte[] bytes();
}
