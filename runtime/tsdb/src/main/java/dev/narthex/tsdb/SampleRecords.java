// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.StartTimestampRecords;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads records of samples (see {@link dev.narthex.tsdb.wal.RecordType#SAMPLES}). */
final class SampleRecords {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final int BASE_BYTES = 16;

    /** Takes a sample. */
    @FunctionalInterface
    interface Samples {
        void sample(long ref, long timestampMs, double value) throws IOException;
    }

    private SampleRecords() {}

    /**
     * Reads the samples of a record with start timestamps, which are passed over.
     *
     * @param reader at the record's content
     * @return false where the record is not well formed; the samples before that were handed out
     */
    static boolean readWithStarts(RecordReader reader, Samples samples) throws IOException {
        StartTimestampRecords each = new StartTimestampRecords(reader);
        while (each.next()) {
            double value = reader.readDouble();
            if (!reader.isGood()) {
                return false;
            }
            samples.sample(each.ref(), each.timestampMs(), value);
        }
        return reader.isGood();
    }

    /**
     * Reads a record's samples in their order.
     *
     * @param offset behind the record's type
     * @param limit where the record ends
     * @return false where the record is not well formed; the samples before that were handed out
     */
    static boolean read(byte[] bytes, int offset, int limit, Samples samples) throws IOException {
        if (offset == limit) {
            return true;
        }
        if (limit - offset < BASE_BYTES) {
            return false;
        }
        long baseRef = (long) LONG.get(bytes, offset);
        long baseTime = (long) LONG.get(bytes, offset + 8);
        int at = offset + BASE_BYTES;
        while (at < limit) {
            long refDistance = 0;
            long timeDistance = 0;
            for (int part = 0; part < 2; part++) {
                long value = 0;
                int shift = 0;
                byte b;
                do {
                    if (at >= limit || shift > 63) {
                        return false;
                    }
                    b = bytes[at++];
                    value |= (b & 0x7fL) << shift;
                    shift += 7;
                } while (b < 0);
                value = value >>> 1 ^ -(value & 1);
                if (part == 0) {
                    refDistance = value;
                } else {
                    timeDistance = value;
                }
            }
            if (limit - at < 8) {
                return false;
            }
            samples.sample(baseRef + refDistance, baseTime + timeDistance, Double.longBitsToDouble((long)
                    LONG.get(bytes, at)));
            at += 8;
        }
        return true;
    }
}
