// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.wire.SnappyCompressor;

/** Compresses records before they are written. Reused; for one thread. */
final class RecordCompressor {
    private final WalCompression compression;
    private final SnappyCompressor snappy = new SnappyCompressor();
    private byte[] compressed = {};

    RecordCompressor(WalCompression compression) {
        this.compression = compression;
    }

    /** Compresses a record to {@link #bytes()}; its length there, or -1 where it is to be written as it is. */
    int compress(byte[] record, int offset, int length) {
        if (compression == WalCompression.NONE) {
            return -1;
        }
        int most = SnappyCompressor.maxLength(length);
        if (compressed.length < most) {
            compressed = new byte[most + most / 2];
        }
        int end = snappy.compress(record, offset, length, compressed, 0);
        return end < length ? end : -1;
    }

    byte[] bytes() {
        return compressed;
    }

    /** The bits of the fragments of a compressed record. */
    int bits() {
        return compression == WalCompression.SNAPPY ? WalLayout.SNAPPY : 0;
    }
}
