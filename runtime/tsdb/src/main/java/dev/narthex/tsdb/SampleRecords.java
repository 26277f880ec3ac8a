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
        /**
         * Takes one.
         *
         * @param startMs when the counting began, 0 where that is not known
         */
        void sample(long ref, long timestampMs, double value, long startMs) throws IOException;
    }

    private SampleRecords() {}

    /**
     * Reads the samples of a record with start timestamps.
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
            samples.sample(each.ref(), each.timestampMs(), value, each.startMs());
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
        SignedVarint refDistance = new SignedVarint();
        SignedVarint timeDistance = new SignedVarint();
        int at = offset + BASE_BYTES;
        while (at < limit) {
            at = refDistance.read(bytes, at, limit);
            if (at >= 0) {
                at = timeDistance.read(bytes, at, limit);
            }
            if (at < 0 || limit - at < 8) {
                return false;
            }
            double value = Double.longBitsToDouble((long) LONG.get(bytes, at));
            samples.sample(baseRef + refDistance.value(), baseTime + timeDistance.value(), value, 0);
            at += 8;
        }
        return true;
    }
}
