// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/** How records are compressed where it makes them smaller. All kinds are read, whatever is written. */
public enum WalCompression {
    NONE,
    SNAPPY,
    /** Smaller than Snappy for several times the work. */
    ZSTANDARD
}
