// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A label set as bytes, in the form of the WAL's series records: the count of labels as uvarint, then names and values
 * in turn, each as its length as uvarint and its UTF-8 bytes. A buffer that is reused; for one thread.
 */
public final class LabelBytes {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_UVARINT = 5;

    private byte[] own = new byte[512];
    private byte[] bytes = own;
    private int begin;
    private int end;
    private int count;
    /** Where each name and value begins and, at the next index, how long it is. */
    private int[] bounds = new int[64];

    /** Takes the labels of a set. */
    public void set(Labels labels) {
        begin = 0;
        end = 0;
        count = labels.size();
        reserveBounds();
        putUvarint(count);
        for (int i = 0; i < count; i++) {
            putString(labels.name(i), 4 * i);
            putString(labels.value(i), 4 * i + 2);
        }
        bytes = own;
    }

    /**
     * Takes a label set that lies in an array, without copying it; the array must stay as it is while this is used.
     *
     * @param limit where the readable bytes end
     * @return where the label set ends, or -1 where the bytes hold none
     */
    public int wrap(byte[] array, int offset, int limit) {
        bytes = array;
        begin = offset;
        long header = readUvarint(array, offset, limit);
        if (header < 0 || (header >>> 32) > limit - offset) {
            return -1;
        }
        count = (int) (header >>> 32);
        int at = (int) header;
        reserveBounds();
        for (int i = 0; i < 2 * count; i++) {
            header = readUvarint(array, at, limit);
            if (header < 0) {
                return -1;
            }
            int length = (int) (header >>> 32);
            at = (int) header;
            if (length > limit - at) {
                return -1;
            }
            bounds[2 * i] = at;
            bounds[2 * i + 1] = length;
            at += length;
        }
        end = at;
        return at;
    }

    /** Whether names ascend and neither they nor values are empty: the form in which equal sets have equal bytes. */
    public boolean isCanonical() {
        for (int i = 0; i < count; i++) {
            if (nameLength(i) == 0 || valueLength(i) == 0) {
                return false;
            }
            if (i > 0 && compareNames(i - 1, i) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** The labels as a set of strings. */
    public Labels toLabels() {
        LabelsBuilder builder = Labels.builder();
        for (int i = 0; i < count; i++) {
            if (nameLength(i) > 0) {
                builder.set(string(nameOffset(i), nameLength(i)), string(valueOffset(i), valueLength(i)));
            }
        }
        return builder.build();
    }

    public int count() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The bytes of the whole form. */
    int length() {
        return end - begin;
    }

    /** Where the whole form begins in {@link #bytes}. */
    int offset() {
        return begin;
    }

    /** Copies the whole form. */
    void copy(byte[] into, int offset) {
        System.arraycopy(bytes, begin, into, offset, end - begin);
    }

    int nameOffset(int label) {
        return bounds[4 * label];
    }

    int nameLength(int label) {
        return bounds[4 * label + 1];
    }

    int valueOffset(int label) {
        return bounds[4 * label + 2];
    }

    int valueLength(int label) {
        return bounds[4 * label + 3];
    }

    /** A hash over the whole form. */
    int hash() {
        return hash(bytes, begin, end - begin);
    }

    /** A hash of bytes, eight at a time. */
    static int hash(byte[] bytes, int offset, int length) {
        long hash = length * 0x9E3779B97F4A7C15L;
        int at = offset;
        int wordsEnd = offset + (length & ~7);
        for (; at < wordsEnd; at += 8) {
            hash = (hash ^ (long) WORD.get(bytes, at)) * 0xD6E8FEB86659FD93L;
            hash ^= hash >>> 32;
        }
        long tail = 0;
        for (int i = offset + length - 1; i >= at; i--) {
            tail = tail << 8 | (bytes[i] & 0xff);
        }
        hash = (hash ^ tail) * 0xD6E8FEB86659FD93L;
        return (int) (hash ^ hash >>> 32);
    }

    private int compareNames(int left, int right) {
        return Arrays.compareUnsigned(
                bytes,
                nameOffset(left),
                nameOffset(left) + nameLength(left),
                bytes,
                nameOffset(right),
                nameOffset(right) + nameLength(right));
    }

    private String string(int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private void putString(String text, int bound) {
        int length = text.length();
        reserve(length + MAX_UVARINT);
        int former = end;
        putUvarint(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                end = former;
                putBytes(text.getBytes(StandardCharsets.UTF_8), bound);
                return;
            }
            own[end + i] = (byte) c;
        }
        bounds[bound] = end;
        bounds[bound + 1] = length;
        end += length;
    }

    private void putBytes(byte[] utf8, int bound) {
        reserve(utf8.length + MAX_UVARINT);
        putUvarint(utf8.length);
        System.arraycopy(utf8, 0, own, end, utf8.length);
        bounds[bound] = end;
        bounds[bound + 1] = utf8.length;
        end += utf8.length;
    }

    private void putUvarint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            own[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        own[end++] = (byte) rest;
    }

    private void reserveBounds() {
        if (bounds.length < 4 * count) {
            bounds = new int[Math.max(4 * count, 2 * bounds.length)];
        }
    }

    private void reserve(int more) {
        if (own.length - end < more) {
            own = Arrays.copyOf(own, Math.max(end + more, 2 * own.length));
        }
    }

    /** Value (31 bits) in the high half, where it ends in the low half; -1 where there is none. */
    private static long readUvarint(byte[] array, int offset, int limit) {
        int value = 0;
        for (int i = 0; i < MAX_UVARINT && offset + i < limit; i++) {
            byte b = array[offset + i];
            if (i == MAX_UVARINT - 1 && (b & 0xff) > 7) {
                return -1;
            }
            value |= (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return (long) value << 32 | (offset + i + 1);
            }
        }
        return -1;
    }
}
