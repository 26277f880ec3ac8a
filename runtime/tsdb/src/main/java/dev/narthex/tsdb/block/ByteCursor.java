// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads numbers and texts from bytes of a file, none of them beyond their end. For one thread. */
final class ByteCursor {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final CRC32C crc = new CRC32C();
    private byte[] bytes = {};
    private int at;
    private int limit;
    /** Where in the file index 0 of the bytes lies. */
    private long base;

    ByteCursor(Path file) {
        this.file = file;
    }

    /**
     * Goes to bytes of the file.
     *
     * @param offsetBytes where in the file the first of them lies
     */
    ByteCursor over(byte[] source, int from, int length, long offsetBytes) {
        bytes = source;
        at = from;
        limit = from + length;
        base = offsetBytes - from;
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return at;
    }

    int left() {
        return limit - at;
    }

    /** Where in the file the next byte lies. */
    long offsetBytes() {
        return base + at;
    }

    CorruptBlockException corrupt(String problem) {
        return new CorruptBlockException(file, offsetBytes(), problem);
    }

    private void need(int count) throws CorruptBlockException {
        if (count < 0 || limit - at < count) {
            throw corrupt("it ends too early, found " + (limit - at) + " bytes where " + count + " are needed");
        }
    }

    void skip(int count) throws CorruptBlockException {
        need(count);
        at += count;
    }

    int u8() throws CorruptBlockException {
        need(1);
        return bytes[at++] & 0xff;
    }

    int be32() throws CorruptBlockException {
        need(4);
        int value = (int) INT.get(bytes, at);
        at += 4;
        return value;
    }

    long be64() throws CorruptBlockException {
        need(8);
        long value = (long) LONG.get(bytes, at);
        at += 8;
        return value;
    }

    long uvarint() throws CorruptBlockException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw corrupt("a number is longer than ten bytes");
    }

    long varint() throws CorruptBlockException {
        long value = uvarint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number that counts something, of which each takes a byte at least. */
    int count() throws CorruptBlockException {
        long value = uvarint();
        if (value < 0 || value > limit - at) {
            throw corrupt("a count is too large, found " + Long.toUnsignedString(value) + " with " + (limit - at)
                    + " bytes left");
        }
        return (int) value;
    }

    /** A text behind its length. */
    String text() throws CorruptBlockException {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** Steps over a text behind its length. */
    void skipText() throws CorruptBlockException {
        int length = count();
        at += length;
    }

    /** The checksum (CRC-32, Castagnoli) of the next bytes, which are not stepped over. */
    int crc(int length) throws CorruptBlockException {
        need(length);
        crc.reset();
        crc.update(bytes, at, length);
        return (int) crc.getValue();
    }
}
