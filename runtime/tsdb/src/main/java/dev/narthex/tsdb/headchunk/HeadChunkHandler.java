// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

/** Takes the chunks of the files in their order. */
@FunctionalInterface
public interface HeadChunkHandler {
    /**
     * Takes a chunk.
     *
     * @param seriesRef the series that it belongs to, if there is one
     * @param mintMs its first timestamp
     * @param maxtMs its last one
     * @param encoding the number of its encoding and {@link HeadChunkLayout#OUT_OF_ORDER}
     * @param reference where it stands
     * @param dataBytes the length of its data
     */
    void chunk(long seriesRef, long mintMs, long maxtMs, int encoding, long reference, int dataBytes);
}
