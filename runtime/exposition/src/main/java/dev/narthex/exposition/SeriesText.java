// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import java.util.Arrays;

/** Bytes in the notation of the text format, made for a format that has none. Its memory is kept; for one thread. */
final class SeriesText {
    private byte[] bytes = new byte[256];
    private int size;

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
        reserve(2 * (stop - start));
        int at = size;
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
        size = at;
    }

    /** Adds a bound of a bucket or a quantile, {@code 1.0} for {@code 1}, as Prometheus 3 writes them. */
    void bound(double value) {
        reserve(GoFloat.MAX_SHORT_LENGTH + 2);
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
