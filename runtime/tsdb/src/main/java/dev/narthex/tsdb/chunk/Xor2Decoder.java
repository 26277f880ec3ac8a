// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.StalenessMarker;
import java.util.Arrays;

/**
 * Reads XOR2 chunks, which Prometheus 3.15 writes with {@code --enable-feature=xor2-encoding} (docs/formats/xor2-chunk.md),
 * into XOR chunks. Start timestamps in them are passed over. For one thread; its memory is kept.
 */
public final class Xor2Decoder {
    /** The encoding number of XOR2 chunks in files. */
    public static final int ENCODING = 4;

    private static final int HEADER_BYTES = 3;
    private static final int FIRST_START_BIT = 0x80;
    private static final int[] CHANGE_BITS = {13, 20, 64};
    private static final int[] START_BITS = {3, 6, 9, 12, 18, 25, 57};

    private byte[] bytes = {};
    private long position;
    private long end;

    private long value;
    private int leading;
    private int width;

    /**
     * The same samples as an XOR chunk.
     *
     * @param chunk where the chunk lies, from {@code offset} on, the two bytes of the count first
     * @throws CorruptChunkException when the chunk is damaged
     */
    public byte[] toXor(byte[] chunk, int offset, int length) {
        if (length < HEADER_BYTES) {
            throw new CorruptChunkException("chunk is too short, found " + length + " bytes");
        }
        int count = XorDecoder.count(chunk, offset);
        // One bit is the least that a sample takes.
        if (count > 8L * length) {
            throw new CorruptChunkException("chunk says that it has " + count + " samples, found " + length + " bytes");
        }
        byte[] xor = new byte[XorLayout.COUNT_BYTES + count * XorLayout.MAX_SAMPLE_BYTES + XorLayout.SLACK_BYTES];
        long state = count == 0 ? XorEncoder.START : samples(chunk, offset, length, count, xor);
        XorEncoder.writeCount(xor, 0, count);
        return Arrays.copyOf(xor, XorEncoder.sizeBytes(state));
    }

    private long samples(byte[] chunk, int offset, int length, int count, byte[] xor) {
        bytes = chunk;
        position = 8L * (offset + HEADER_BYTES);
        end = 8L * (offset + length);
        int flags = chunk[offset + 2] & 0xff;
        int startsFrom = flags & ~FIRST_START_BIT;
        long unsigned = uvarint();
        long time = unsigned >>> 1 ^ -(unsigned & 1);
        long shown = take(64);
        // Of a chunk that begins with a marker the next value counts from zero.
        value = isMarker(shown) ? 0 : shown;
        leading = 0;
        width = 0;
        if ((flags & FIRST_START_BIT) != 0) {
            uvarint();
        }
        long state = XorEncoder.first(xor, 0, time, Double.longBitsToDouble(shown));
        long distance = 0;
        for (int i = 1; i < count; i++) {
            long before = distance;
            long last = shown;
            if (i == 1) {
                distance = uvarint();
                shown = value();
                state = XorEncoder.second(xor, 0, state, distance, shown ^ last);
            } else {
                int ones = ones(5);
                if (ones == 0) {
                    shown = value;
                } else if (ones == 1) {
                    shown = changedValue();
                } else if (ones == 5) {
                    shown = marker();
                } else {
                    distance += change(ones);
                    shown = value();
                }
                state = XorEncoder.next(xor, 0, state, distance - before, shown ^ last);
            }
            if (startsFrom > 0 && i >= startsFrom) {
                passStart();
            }
        }
        return state;
    }

    private static boolean isMarker(long bits) {
        return StalenessMarker.is(Double.longBitsToDouble(bits));
    }

    private static long marker() {
        return Double.doubleToRawLongBits(StalenessMarker.VALUE);
    }

    private long change(int ones) {
        int bits = CHANGE_BITS[ones - 2];
        return take(bits) << (64 - bits) >> (64 - bits);
    }

    /** A value: the last one, one that differs from it, or a staleness marker, which leaves the last one as it is. */
    private long value() {
        if (take(1) == 0) {
            return value;
        }
        int ones = ones(2);
        return ones == 2 ? marker() : differing(ones == 1);
    }

    private long changedValue() {
        return differing(take(1) == 1);
    }

    private long differing(boolean newWindow) {
        if (newWindow) {
            leading = (int) take(5);
            width = (int) take(6);
            width = width == 0 ? 64 : width;
        }
        if (width == 0 || leading + width > 64) {
            throw new CorruptChunkException("a value has no window that it fits");
        }
        value ^= take(width) << (64 - leading - width);
        return value;
    }

    private void passStart() {
        int ones = ones(7);
        if (ones > 0) {
            take(START_BITS[ones - 1]);
        }
    }

    /** How many ones come next, and the zero behind them where they are fewer than the most there can be. */
    private int ones(int most) {
        int ones = 0;
        while (ones < most && take(1) == 1) {
            ones++;
        }
        return ones;
    }

    private long uvarint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            long b = take(8);
            result |= (b & 0x7f) << shift;
            if (b < 0x80) {
                return result;
            }
        }
        throw new CorruptChunkException("a number is longer than ten bytes");
    }

    private long take(int count) {
        if (position + count > end) {
            throw new CorruptChunkException("chunk ends in the middle of a sample");
        }
        long result = 0;
        int left = count;
        while (left > 0) {
            int used = (int) (position & 7);
            int now = Math.min(8 - used, left);
            int piece = (bytes[(int) (position >>> 3)] & 0xff) >>> (8 - used - now) & ((1 << now) - 1);
            result = result << now | piece;
            position += now;
            left -= now;
        }
        return result;
    }
}
