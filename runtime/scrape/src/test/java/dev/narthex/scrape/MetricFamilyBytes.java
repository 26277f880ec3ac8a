// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes protobuf messages for tests, field by field, right or wrong. */
final class MetricFamilyBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    MetricFamilyBytes varint(int field, long value) {
        raw((long) field << 3);
        return raw(value);
    }

    MetricFamilyBytes zigzag(int field, long value) {
        return varint(field, (value << 1) ^ (value >> 63));
    }

    MetricFamilyBytes fixed(int field, double value) {
        raw(((long) field << 3) | 1);
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array();
        out.write(bytes, 0, 8);
        return this;
    }

    MetricFamilyBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    MetricFamilyBytes message(int field, MetricFamilyBytes message) {
        return bytes(field, message.toByteArray());
    }

    MetricFamilyBytes bytes(int field, byte[] value) {
        raw(((long) field << 3) | 2);
        raw(value.length);
        out.write(value, 0, value.length);
        return this;
    }

    MetricFamilyBytes label(String name, String value) {
        return message(1, new MetricFamilyBytes().text(1, name).text(2, value));
    }

    MetricFamilyBytes timestamp(int field, long seconds, int nanos) {
        return message(field, new MetricFamilyBytes().varint(1, seconds).varint(2, nanos));
    }

    MetricFamilyBytes span(int field, int offset, int length) {
        return message(field, new MetricFamilyBytes().zigzag(1, offset).varint(2, length));
    }

    MetricFamilyBytes raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** Adds the fields of another. */
    MetricFamilyBytes append(MetricFamilyBytes more) {
        out.writeBytes(more.toByteArray());
        return this;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    /** With its length in front. */
    byte[] delimited() {
        byte[] message = toByteArray();
        MetricFamilyBytes framed = new MetricFamilyBytes().raw(message.length);
        framed.out.write(message, 0, message.length);
        return framed.toByteArray();
    }
}
