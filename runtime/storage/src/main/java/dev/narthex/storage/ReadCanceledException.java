// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** A read has ended because its thread was interrupted, which it still is. */
public final class ReadCanceledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReadCanceledException() {
        super("read was canceled");
    }

    /**
     * For loops of a storage that may take long, to be called every millisecond or so: says whether anybody still waits.
     *
     * @throws ReadCanceledException when the thread was interrupted
     */
    public static void throwIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ReadCanceledException();
        }
    }
}
