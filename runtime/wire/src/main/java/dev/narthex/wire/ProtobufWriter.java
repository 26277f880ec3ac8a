// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a protobuf message into a byte array that grows. Source: Protocol Buffers, "Encoding". A message
 * inside is written by another writer, and added by {@link #message}. For one thread, reused after {@link #clear()}.
 */
public final class ProtobufWriter {
    private byte[] bytes = new byte[256];
    private int size;

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /** The array that is written to: {@link #size()} bytes of it count; replaced when it grows. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** A field of type int64, uint64, int32, uint32, bool or enum. */
    public ProtobufWriter int64(int field, long value) {
        tag(field, ProtobufReader.VARINT);
        return varint(value);
    }

    /** A field of type sint64 or sint32. */
    public ProtobufWriter sint64(int field, long value) {
        return int64(field, (value << 1) ^ (value >> 63));
    }

    public ProtobufWriter float64(int field, double value) {
        tag(field, ProtobufReader.FIXED64);
        return fixed64(Double.doubleToRawLongBits(value));
    }

    public ProtobufWriter text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return bytes(field, utf8, 0, utf8.length);
    }

    public ProtobufWriter message(int field, ProtobufWriter message) {
        return bytes(field, message.bytes, 0, message.size);
    }

    /** Fields that were written by another writer, as fields of this message. */
    public ProtobufWriter raw(ProtobufWriter fields) {
        reserve(fields.size);
        System.arraycopy(fields.bytes, 0, bytes, size, fields.size);
        size += fields.size;
        return this;
    }

    public ProtobufWriter bytes(int field, byte[] from, int offset, int length) {
        tag(field, ProtobufReader.BYTES);
        varint(length);
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** A number without a field, for packed fields. */
    public ProtobufWriter varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** A number of type sint64 without a field, for packed fields. */
    public ProtobufWriter zigzag(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    /** Eight bytes without a field, for packed fields. */
    public ProtobufWriter fixed64(long bits) {
        reserve(Long.BYTES);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (bits >>> shift);
        }
        return this;
    }

    private void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
