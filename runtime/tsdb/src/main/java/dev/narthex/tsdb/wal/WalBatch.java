// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Records that go to the log together. A buffer that is reused; for one thread. */
public final class WalBatch {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int MAX_VARINT = 10;

    private byte[] bytes = new byte[1024];
    private int end;
    private int[] ends = new int[4];
    private int records;
    private long greatestRef;

    public void clear() {
        end = 0;
        greatestRef = 0;
        records = 0;
    }

    public boolean isEmpty() {
        return records == 0;
    }

    /** Begins a record of a {@link RecordType}. */
    public void begin(int type) {
        reserve(1);
        bytes[end++] = (byte) type;
    }

    /** Ends the record that was begun last. */
    public void end() {
        if (records == ends.length) {
            ends = Arrays.copyOf(ends, 2 * records);
        }
        ends[records++] = end;
    }

    /** Begins the samples of a record of samples: the base that the others are told by. */
    public void putSamplesBase(long ref, long timestampMs) {
        reserve(16);
        LONG.set(bytes, end, ref);
        LONG.set(bytes, end + 8, timestampMs);
        end += 16;
    }

    /** A sample of a record of samples, its reference and timestamp less those of the base. */
    public void putSample(long refDistance, long timeDistanceMs, double value) {
        reserve(2 * MAX_VARINT + 8);
        putVarint(refDistance);
        putVarint(timeDistanceMs);
        LONG.set(bytes, end, Double.doubleToRawLongBits(value));
        end += 8;
    }

    /** A byte of a record. */
    public void putByte(int value) {
        reserve(1);
        bytes[end++] = (byte) value;
    }

    /** A number of eight bytes. */
    public void putLong(long value) {
        reserve(8);
        LONG.set(bytes, end, value);
        end += 8;
    }

    /** The bits of a float in eight bytes. */
    public void putDouble(double value) {
        putLong(Double.doubleToRawLongBits(value));
    }

    /** An unsigned number of one to ten bytes. */
    public void putUvarint(long value) {
        reserve(MAX_VARINT);
        putUnsigned(value);
    }

    /** A signed number of one to ten bytes, small ones of either sign in few. */
    public void putSvarint(long value) {
        reserve(MAX_VARINT);
        putVarint(value);
    }

    /** A string of UTF-8 bytes behind their count. */
    public void putString(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        reserve(MAX_VARINT + text.length);
        putUnsigned(text.length);
        System.arraycopy(text, 0, bytes, end, text.length);
        end += text.length;
    }

    /** Room in a record for a series: its reference is written, the caller writes its labels behind. */
    public byte[] putSeriesRef(long ref, int labelsBytes) {
        reserve(8 + labelsBytes);
        greatestRef = Math.max(greatestRef, ref);
        LONG.set(bytes, end, ref);
        end += 8;
        return bytes;
    }

    /** Where the caller writes. */
    public int position() {
        return end;
    }

    /** Sets where the caller has written to. */
    public void setPosition(int newEnd) {
        end = newEnd;
    }

    /** A whole record that was read elsewhere. */
    public void putRecord(byte[] record, int offset, int length) {
        reserve(length);
        System.arraycopy(record, offset, bytes, end, length);
        end += length;
        end();
    }

    /** Bytes of a record. */
    public void putBytes(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, end, length);
        end += length;
    }

    /** Hands out each record. */
    public void forEach(RecordHandler handler) throws IOException {
        for (int i = 0; i < records; i++) {
            handler.record(bytes, recordOffset(i), recordLength(i));
        }
    }

    /** Copies everything that was put in. */
    public void copyTo(byte[] into, int offset) {
        System.arraycopy(bytes, 0, into, offset, end);
    }

    public int sizeBytes() {
        return end;
    }

    /** The greatest reference of the records of series, 0 where there is none. */
    long greatestRef() {
        return greatestRef;
    }

    int records() {
        return records;
    }

    byte[] bytes() {
        return bytes;
    }

    int recordOffset(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }

    int recordLength(int record) {
        return ends[record] - recordOffset(record);
    }

    private void putVarint(long value) {
        putUnsigned((value << 1) ^ (value >> 63));
    }

    private void putUnsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[end++] = (byte) rest;
    }

    private void reserve(int more) {
        if (bytes.length - end < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(end, more), 2 * bytes.length));
        }
    }
}
