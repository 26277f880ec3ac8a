// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads XOR chunks (see {@link XorLayout}) into columns. Eight bytes must be readable behind the chunk, whatever they
 * hold.
 */
public final class XorDecoder {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private XorDecoder() {}

    /** The count of samples that stands in front of a chunk. */
    public static int count(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
    }

    /** The timestamp of the first sample. */
    public static long firstTimestampMs(byte[] bytes, int offset) {
        int at = offset + XorLayout.COUNT_BYTES;
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                break;
            }
        }
        return value >>> 1 ^ -(value & 1);
    }

    /**
     * Decodes the samples with {@code mintMs <= timestamp <= maxtMs} to columns that have room for all of the chunk.
     *
     * @param count how many samples the chunk has; the count in front of it is not read
     * @param into where in the columns to begin
     * @return where in the columns the decoded samples end
     * @throws IndexOutOfBoundsException when the chunk is damaged and leads beyond its array
     */
    public static int decode(
            byte[] bytes,
            int offset,
            int count,
            long mintMs,
            long maxtMs,
            long[] timestampsMs,
            double[] values,
            int into) {
        if (count == 0) {
            return into;
        }
        int at = offset + XorLayout.COUNT_BYTES;
        long varint = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes[at++];
            varint |= (b & 0x7fL) << shift;
            if (b >= 0) {
                break;
            }
        }
        long time = varint >>> 1 ^ -(varint & 1);
        long value = (long) WORD.get(bytes, at);
        at += 8;
        int end = into;
        if (time > maxtMs) {
            return end;
        }
        timestampsMs[end] = time;
        values[end] = Double.longBitsToDouble(value);
        end += time >= mintMs ? 1 : 0;
        if (count == 1) {
            return end;
        }
        long distance = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes[at++];
            distance |= (b & 0x7fL) << shift;
            if (b >= 0) {
                break;
            }
        }
        int position = (at - offset) * 8;
        int leading = 0;
        int trailing = 0;
        time += distance;
        for (int i = 1; ; ) {
            // The value: word holds at least 57 bits from the position on.
            long word = (long) WORD.get(bytes, offset + (position >>> 3)) << (position & 7);
            int used = 1;
            if (word < 0) {
                int skip;
                if ((word & 1L << 62) == 0) {
                    skip = 2;
                } else {
                    leading = (int) (word >>> 57) & 0x1f;
                    int width = (int) (word >>> 51) & 0x3f;
                    trailing = 64 - leading - (width == 0 ? 64 : width);
                    skip = 13;
                }
                int width = 64 - leading - trailing;
                used = skip + width;
                if (used <= 57) {
                    value ^= (word << skip) >>> (64 - width) << trailing;
                } else {
                    value ^= bits(bytes, offset, position + skip, width) << trailing;
                }
            }
            position += used;
            if (time > maxtMs) {
                return end;
            }
            timestampsMs[end] = time;
            values[end] = Double.longBitsToDouble(value);
            end += time >= mintMs ? 1 : 0;
            if (++i == count) {
                return end;
            }
            // The timestamp: a regular one is a single bit, and mostly is in the word already.
            word = used < 57 ? word << used : (long) WORD.get(bytes, offset + (position >>> 3)) << (position & 7);
            if (word >= 0) {
                position += 1;
            } else {
                word = (long) WORD.get(bytes, offset + (position >>> 3)) << (position & 7);
                int width;
                int prefix;
                if ((word & 1L << 62) == 0) {
                    prefix = 2;
                    width = XorLayout.DOD_14;
                } else if ((word & 1L << 61) == 0) {
                    prefix = 3;
                    width = XorLayout.DOD_17;
                } else if ((word & 1L << 60) == 0) {
                    prefix = 4;
                    width = XorLayout.DOD_20;
                } else {
                    prefix = 4;
                    width = 64;
                }
                long change;
                if (width == 64) {
                    change = bits(bytes, offset, position + prefix, 64);
                } else {
                    change = (word << prefix) >>> (64 - width);
                    if (change > 1L << (width - 1)) {
                        change -= 1L << width;
                    }
                }
                distance += change;
                position += prefix + width;
            }
            time += distance;
        }
    }

    /** Up to 64 bits from a position on. */
    private static long bits(byte[] bytes, int offset, int position, int count) {
        int at = offset + (position >>> 3);
        int before = position & 7;
        long word = (long) WORD.get(bytes, at) << before;
        if (before > 0) {
            word |= (bytes[at + 8] & 0xffL) >>> (8 - before);
        }
        return word >>> (64 - count);
    }
}
