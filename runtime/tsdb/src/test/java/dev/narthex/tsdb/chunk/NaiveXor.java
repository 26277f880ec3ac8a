// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/** An XOR chunk written bit by bit from the description in the Prometheus documentation, with no thought of speed. */
final class NaiveXor {
    private final StringBuilder bits = new StringBuilder();
    private int count;
    private long lastT;
    private long lastDistance;
    private long lastBits;
    private int leading = -1;
    private int trailing;

    void add(long t, double v) {
        long value = Double.doubleToRawLongBits(v);
        if (count == 0) {
            varint((t << 1) ^ (t >> 63));
            put(value, 64);
        } else {
            long distance = t - lastT;
            if (count == 1) {
                varint(distance);
            } else {
                change(distance - lastDistance);
            }
            difference(value ^ lastBits);
            lastDistance = distance;
        }
        lastT = t;
        lastBits = value;
        count++;
    }

    private void change(long d) {
        if (d == 0) {
            bits.append('0');
        } else if (d >= -8191 && d <= 8192) {
            bits.append("10");
            put(d, 14);
        } else if (d >= -65535 && d <= 65536) {
            bits.append("110");
            put(d, 17);
        } else if (d >= -524287 && d <= 524288) {
            bits.append("1110");
            put(d, 20);
        } else {
            bits.append("1111");
            put(d, 64);
        }
    }

    private void difference(long x) {
        if (x == 0) {
            bits.append('0');
            return;
        }
        int newLeading = Math.min(31, Long.numberOfLeadingZeros(x));
        int newTrailing = Long.numberOfTrailingZeros(x);
        if (leading >= 0 && newLeading >= leading && newTrailing >= trailing) {
            bits.append("10");
            put(x >>> trailing, 64 - leading - trailing);
            return;
        }
        leading = newLeading;
        trailing = newTrailing;
        int width = 64 - leading - trailing;
        bits.append("11");
        put(leading, 5);
        put(width, 6); // 64 becomes 0
        put(x >>> trailing, width);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        put(rest, 8);
    }

    private void put(long value, int width) {
        for (int i = width - 1; i >= 0; i--) {
            bits.append((char) ('0' + ((value >>> i) & 1)));
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[2 + (bits.length() + 7) / 8];
        bytes[0] = (byte) (count >>> 8);
        bytes[1] = (byte) count;
        for (int i = 0; i < bits.length(); i++) {
            if (bits.charAt(i) == '1') {
                bytes[2 + i / 8] |= (byte) (0x80 >>> i % 8);
            }
        }
        return bytes;
    }
}
