// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

/** Is told what becomes of blocks. Safe for use by many threads. */
public interface BlockObserver {
    /** One that is told in vain. */
    BlockObserver NONE = new BlockObserver() {};

    /** The writing of a block begins or ends. */
    default void populating(boolean begins) {}

    /**
     * A block was cut from the head, or made of others.
     *
     * @param overlapping whether the others had overlapped
     */
    default void blockMade(long nanos, boolean overlapping) {}

    /** A chunk of the head went to its first block. */
    default void chunkCut(int samples, int bytes, long rangeMs) {}

    /** The list of blocks is another one. */
    default void listed() {}

    /** A block was made that cannot be opened, so the list stays as it is. */
    default void listingFailed() {}
}
