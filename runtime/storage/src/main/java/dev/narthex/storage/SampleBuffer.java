// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import java.util.Arrays;

/**
 * Samples of one series as two columns, reused from series to series. The arrays are there to be read and written
 * directly: entries from {@code 0} to {@code size() - 1} count. For one thread.
 */
public final class SampleBuffer {
    private static final int INITIAL_CAPACITY = 256;

    private long[] timestampsMs = new long[INITIAL_CAPACITY];
    private double[] values = new double[INITIAL_CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public long timestampMs(int index) {
        return timestampsMs[index];
    }

    public double value(int index) {
        return values[index];
    }

    /** The column of timestamps; replaced by a larger one when the buffer grows. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** The column of values; replaced by a larger one when the buffer grows. */
    public double[] values() {
        return values;
    }

    public void add(long timestampMs, double value) {
        reserve(1);
        timestampsMs[size] = timestampMs;
        values[size] = value;
        size++;
    }

    /** Makes room for more samples behind the present ones, for a decoder that writes the columns itself. */
    public void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > timestampsMs.length) {
            int capacity = Math.max(needed, 2 * timestampsMs.length);
            timestampsMs = Arrays.copyOf(timestampsMs, capacity);
            values = Arrays.copyOf(values, capacity);
        }
    }

    /** Sets how many entries count, after a decoder has written the columns itself. */
    public void setSize(int newSize) {
        if (newSize < 0 || newSize > timestampsMs.length) {
            throw new IndexOutOfBoundsException("sample buffer: size " + newSize + " of " + timestampsMs.length);
        }
        size = newSize;
    }

    public void clear() {
        size = 0;
    }
}
