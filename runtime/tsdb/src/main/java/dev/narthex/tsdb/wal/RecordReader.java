// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers and strings that records consist of. Nothing is read behind the end: what would is zero or empty,
 * and {@link #isGood} turns false for good. Reused; for one thread.
 */
public final class RecordReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = {};
    private int at;
    private int limit;
    private boolean good = true;

    /**
     * Goes to the content of a record.
     *
     * @param offset behind the record's type
     * @param end where the record ends
     */
    public void reset(byte[] from, int offset, int end) {
        bytes = from;
        at = offset;
        limit = end;
        good = true;
    }

    /** Whether everything that was read was there. */
    public boolean isGood() {
        return good;
    }

    /** Whether there is more, and what was read so far was good. */
    public boolean hasMore() {
        return good && at < limit;
    }

    /** How many bytes are left. */
    public int left() {
        return limit - at;
    }

    int position() {
        return at;
    }

    byte[] bytes() {
        return bytes;
    }

    int limit() {
        return limit;
    }

    void skipTo(int position) {
        at = position;
    }

    boolean fail() {
        good = false;
        at = limit;
        return false;
    }

    public int readByte() {
        if (limit - at < 1) {
            fail();
            return 0;
        }
        return bytes[at++] & 0xff;
    }

    public long readLong() {
        if (limit - at < 8) {
            fail();
            return 0;
        }
        long value = (long) LONG.get(bytes, at);
        at += 8;
        return value;
    }

    public double readDouble() {
        return Double.longBitsToDouble(readLong());
    }

    public long readUvarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= limit) {
                break;
            }
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        fail();
        return 0;
    }

    public long readSvarint() {
        long value = readUvarint();
        return value >>> 1 ^ -(value & 1);
    }

    /**
     * Reads a count of things that follow.
     *
     * @param bytesEach how many bytes each of them takes at least
     */
    public int readCount(int bytesEach) {
        long count = readUvarint();
        if (count < 0 || count > (limit - at) / bytesEach) {
            fail();
            return 0;
        }
        return (int) count;
    }

    /** Reads a label set; labels without name or value are no labels. */
    public Labels readLabels() {
        int count = readCount(2);
        LabelsBuilder builder = Labels.builder();
        for (int i = 0; i < count; i++) {
            String name = readString();
            String value = readString();
            if (!name.isEmpty()) {
                builder.set(name, value);
            }
        }
        return builder.build();
    }

    public String readString() {
        int length = readCount(1);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }
}
