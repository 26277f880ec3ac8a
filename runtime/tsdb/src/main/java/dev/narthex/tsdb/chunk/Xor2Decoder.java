// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.SampleBuffer;

/**
 * Reads XOR2 chunks, which Prometheus 3.15 writes with {@code chunk_encoding: {floats: xor2}}
 * (docs/formats/xor2-chunk.md). For one thread.
 */
final class Xor2Decoder {
    private static final int HEADER_BYTES = 3;
    private static final int[] CHANGE_BITS = {13, 20, 64};
    private static final long MARKER = Double.doubleToRawLongBits(StalenessMarker.VALUE);

    private final BitReader in = new BitReader();
    private final StartTimestamps starts = new StartTimestamps(in);
    private long value;
    private int leading;
    private int width;

    /** As {@link ChunkDecoder#decode}; the bytes have slack behind them. */
    void decode(byte[] bytes, int offset, int length, long mintMs, long maxtMs, SampleBuffer into) {
        if (length < HEADER_BYTES) {
            throw new CorruptChunkException("chunk is too short, found " + length + " bytes");
        }
        in.reset(bytes, offset, length);
        int count = (int) in.bits(16);
        // One bit is the least that a sample takes.
        if (count > 8L * length) {
            throw new CorruptChunkException("chunk says that it has " + count + " samples, found " + length + " bytes");
        }
        starts.begin((int) in.bits(8));
        into.reserve(count);
        if (count > 0) {
            samples(count, mintMs, maxtMs, into);
        }
    }

    private void samples(int count, long mintMs, long maxtMs, SampleBuffer into) {
        long time = in.svarint();
        long shown = in.bits(64);
        // Of a chunk that begins with a marker the next value counts from zero.
        value = StalenessMarker.is(Double.longBitsToDouble(shown)) ? 0 : shown;
        leading = 0;
        width = 0;
        starts.readFirst(time);
        add(time, shown, mintMs, into);
        long distance = 0;
        for (int i = 1; i < count && time <= maxtMs; i++) {
            if (i == 1) {
                distance = in.uvarint();
                shown = value();
            } else {
                int ones = in.ones(5);
                if (ones == 0) {
                    shown = value;
                } else if (ones == 1) {
                    shown = differing(in.bits(1) == 1);
                } else if (ones == 5) {
                    shown = MARKER;
                } else {
                    distance += change(CHANGE_BITS[ones - 2]);
                    shown = value();
                }
            }
            starts.read(i, time);
            time += distance;
            if (time <= maxtMs) {
                add(time, shown, mintMs, into);
            }
        }
    }

    private void add(long timestampMs, long bits, long mintMs, SampleBuffer into) {
        if (timestampMs >= mintMs) {
            into.add(timestampMs, Double.longBitsToDouble(bits));
            if (starts.startMs() != 0) {
                into.startTimestamp(starts.startMs());
            }
        }
    }

    private long change(int bits) {
        return in.bits(bits) << (64 - bits) >> (64 - bits);
    }

    /** A value: the last one, one that differs from it, or a staleness marker, which leaves the last one as it is. */
    private long value() {
        if (in.bits(1) == 0) {
            return value;
        }
        int ones = in.ones(2);
        return ones == 2 ? MARKER : differing(ones == 1);
    }

    private long differing(boolean newWindow) {
        if (newWindow) {
            leading = (int) in.bits(5);
            width = (int) in.bits(6);
            width = width == 0 ? 64 : width;
        }
        if (width == 0 || leading + width > 64) {
            throw new CorruptChunkException("a value has no window that it fits");
        }
        value ^= in.bits(width) << (64 - leading - width);
        return value;
    }
}
