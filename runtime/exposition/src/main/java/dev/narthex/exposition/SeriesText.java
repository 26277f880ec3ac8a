// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes in the notation of the text format, made for a format that has none. Its memory is kept; for one thread. */
final class SeriesText {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * EACH_BYTE;
    private static final long BACKSLASHES = '\\' * EACH_BYTE;
    private static final long LINE_FEEDS = '\n' * EACH_BYTE;
    /** What stands between the name of a label and its value, and behind the value. */
    private static final long BEFORE_VALUE = '"' | '=' << 8 | '"' << 16;

    private static final long BEHIND_VALUE = '"' | ',' << 8;
    /** More than a label needs beside name and value, and what is written beyond its end for a moment. */
    private static final int SLACK_BYTES = 24;

    private static final int BOUNDS = 64;
    private static final int BOUND_BYTES = GoFloat.MAX_SHORT_LENGTH + 2;

    private byte[] bytes = new byte[256];
    private int size;

    // Bounds and their texts: histograms have few different ones, each in many series.
    private final long[] boundBits = new long[BOUNDS];
    private final int[] boundLengths = new int[BOUNDS];
    private final byte[] boundTexts = new byte[BOUNDS * BOUND_BYTES];

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Cuts off what was added since it had this size. */
    void cutTo(int newSize) {
        size = newSize;
    }

    void ascii(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) text.charAt(i);
        }
        size += length;
    }

    void bytes(byte[] from, int start, int stop) {
        reserve(stop - start);
        System.arraycopy(from, start, bytes, size, stop - start);
        size += stop - start;
    }

    /** Adds what may stand between quotes, with the escapes that it needs. */
    void escaped(byte[] from, int start, int stop) {
        reserve(2 * (stop - start) + SLACK_BYTES);
        size = put(from, start, stop, size);
    }

    /** Adds a label with its quotes, and a comma behind it. */
    void label(byte[] from, int nameStart, int nameStop, int valueStart, int valueStop) {
        reserve(2 * (nameStop - nameStart + valueStop - valueStart) + SLACK_BYTES);
        bytes[size] = '"';
        int at = put(from, nameStart, nameStop, size + 1);
        WORD.set(bytes, at, BEFORE_VALUE);
        at = put(from, valueStart, valueStop, at + 3);
        WORD.set(bytes, at, BEHIND_VALUE);
        size = at + 2;
    }

    /** Writes where there is room, eight bytes beyond the end too, and gives the end. */
    private int put(byte[] from, int start, int stop, int to) {
        int at = to;
        int i = start;
        while (i < stop && i + Long.BYTES <= from.length) {
            long word = (long) WORD.get(from, i);
            int left = stop - i;
            if (needsEscape(left >= Long.BYTES ? word : word & ((1L << (Byte.SIZE * left)) - 1))) {
                break;
            }
            WORD.set(bytes, at, word);
            at += Math.min(left, Long.BYTES);
            i += Long.BYTES;
        }
        return i < stop ? putEscaped(from, i, stop, at) : at;
    }

    private static boolean needsEscape(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        long lineFeeds = word ^ LINE_FEEDS;
        // A byte that is zero lends its high bit from the one before (Anderson, "Bit Twiddling Hacks").
        return ((((quotes - EACH_BYTE) & ~quotes)
                                | ((backslashes - EACH_BYTE) & ~backslashes)
                                | ((lineFeeds - EACH_BYTE) & ~lineFeeds))
                        & HIGH_BITS)
                != 0;
    }

    private int putEscaped(byte[] from, int start, int stop, int to) {
        int at = to;
        for (int i = start; i < stop; i++) {
            byte c = from[i];
            if (c == '"' || c == '\\') {
                bytes[at++] = '\\';
            } else if (c == '\n') {
                bytes[at++] = '\\';
                c = 'n';
            }
            bytes[at++] = c;
        }
        return at;
    }

    /** Adds a bound of a bucket or a quantile, {@code 1.0} for {@code 1}, as Prometheus 3 writes them. */
    void bound(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int slot = (int) (Fingerprint.mix(bits) >>> 58);
        if (boundBits[slot] == bits && boundLengths[slot] > 0) {
            bytes(boundTexts, slot * BOUND_BYTES, slot * BOUND_BYTES + boundLengths[slot]);
            return;
        }
        int from = size;
        newBound(value);
        boundBits[slot] = bits;
        boundLengths[slot] = size - from;
        System.arraycopy(bytes, from, boundTexts, slot * BOUND_BYTES, size - from);
    }

    private void newBound(double value) {
        reserve(BOUND_BYTES);
        int from = size;
        size = GoFloat.writeExposition(value, bytes, size);
        if (!Double.isNaN(value) && !Double.isInfinite(value) && isWhole(from)) {
            bytes[size++] = '.';
            bytes[size++] = '0';
        }
    }

    private boolean isWhole(int from) {
        for (int i = from; i < size; i++) {
            if (bytes[i] == '.' || bytes[i] == 'e') {
                return false;
            }
        }
        return true;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}
