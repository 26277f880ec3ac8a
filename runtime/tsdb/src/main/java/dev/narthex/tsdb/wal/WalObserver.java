// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/** Is told what a log does. Safe for use by many threads. */
public interface WalObserver {
    /** One that is told in vain. */
    WalObserver NONE = new WalObserver() {};

    /**
     * Records have been written.
     *
     * @param parts fragments of records
     * @param bytes of the fragments, headers and padding included
     * @param flushes writes to the file
     * @param pages that were filled by it
     * @param savedBytes what compression has saved
     */
    default void logWritten(int parts, long bytes, int flushes, long pages, long savedBytes) {}

    /** A file has been made durable, or could not be. */
    default void logSynced(long nanos) {}
}
