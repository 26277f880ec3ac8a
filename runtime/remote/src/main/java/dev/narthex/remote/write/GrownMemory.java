// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

/**
 * The memory by which one request grows while it is read, beyond what was taken for it in advance: a sample of two bytes
 * takes 24 here. For one thread, reused.
 */
final class GrownMemory {
    private RequestMemory memory = RequestMemory.UNLIMITED;
    private long taken;

    /** There was no more memory. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExhaustedException() {
            super("the memory for requests is taken", null, false, false);
        }
    }

    /** Begins a request, which takes from what all requests have. */
    void begin(RequestMemory all) {
        memory = all;
        taken = 0;
    }

    /**
     * Enters bytes that are to be taken.
     *
     * @throws ExhaustedException when there are not so many
     */
    void take(long bytes) {
        if (!memory.tryTake(bytes)) {
            throw new ExhaustedException();
        }
        taken += bytes;
    }

    /** Gives back what was taken. */
    void end() {
        memory.giveBack(taken);
        begin(RequestMemory.UNLIMITED);
    }
}
