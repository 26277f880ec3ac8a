// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.wire.SnappyCompressor;
import dev.narthex.wire.ZstandardCompressor;
import org.jspecify.annotations.Nullable;

/** Compresses records before they are written. Reused; for one thread. */
final class RecordCompressor {
    private final WalCompression compression;
    private final SnappyCompressor snappy = new SnappyCompressor();
    private @Nullable ZstandardCompressor zstandard;
    private byte[] compressed = {};

    RecordCompressor(WalCompression compression) {
        this.compression = compression;
    }

    /** Compresses a record to {@link #bytes()}; its length there, or -1 where it is to be written as it is. */
    int compress(byte[] record, int offset, int length) {
        int end = switch (compression) {
            case NONE -> length;
            case SNAPPY -> {
                reserve(SnappyCompressor.maxLength(length));
                yield snappy.compress(record, offset, length, compressed, 0);
            }
            case ZSTANDARD -> {
                reserve(ZstandardCompressor.maxLength(length));
                yield zstandard().compress(record, offset, length, compressed, 0);
            }
        };
        return end < length ? end : -1;
    }

    private void reserve(int most) {
        if (compressed.length < most) {
            compressed = new byte[most + most / 2];
        }
    }

    /** Made when it is needed: its tables are large. */
    private ZstandardCompressor zstandard() {
        ZstandardCompressor present = zstandard;
        if (present == null) {
            present = new ZstandardCompressor();
            zstandard = present;
        }
        return present;
    }

    byte[] bytes() {
        return compressed;
    }

    /** The bits of the fragments of a compressed record. */
    int bits() {
        return switch (compression) {
            case NONE -> 0;
            case SNAPPY -> WalLayout.SNAPPY;
            case ZSTANDARD -> WalLayout.ZSTANDARD;
        };
    }
}
