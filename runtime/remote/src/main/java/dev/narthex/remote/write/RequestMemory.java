// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

/** What all requests may take together, with what they are unpacked to. Safe for use by many threads. */
public interface RequestMemory {
    /** As much as anybody asks for. */
    RequestMemory UNLIMITED = new RequestMemory() {
        @Override
        public boolean tryTake(long bytes) {
            return true;
        }

        @Override
        public void giveBack(long bytes) {}

        @Override
        public long limitBytes() {
            return Long.MAX_VALUE;
        }
    };

    /** Enters bytes that are to be taken; false where others have them. */
    boolean tryTake(long bytes);

    /** Enters bytes that were taken before. */
    void giveBack(long bytes);

    /** What there is in all. */
    long limitBytes();
}
