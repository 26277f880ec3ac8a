// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.MetricType;
import java.util.Arrays;

/**
 * The series of a target in the order of its exposition, in columns: the text up to the value (all bytes behind the line
 * before, that is comments and the series itself), the reference in the storage, and a state. For one thread.
 *
 * <p>State of a series, one byte: whether a histogram or a summary was announced last (bits 4 and 5) and
 *
 * <ul>
 *   <li>{@link #KNOWN}: a sample of it has been appended;
 *   <li>{@link #REPEATED}: the same text stands further up;
 *   <li>{@link #LIVE_A}, {@link #LIVE_B}: in this scrape or the one before, in turns, a sample without a timestamp of its
 *       own was appended, so that the series is due a staleness marker when it goes.
 * </ul>
 */
final class SeriesTexts {
    /** The reference of a series that is not stored. */
    static final long DROPPED = -1;

    /** The reference of a series whose labels have not been given to the storage. */
    static final long UNRESOLVED = 0;

    static final int KNOWN = 1;
    static final int REPEATED = 2;
    static final int LIVE_A = 4;
    static final int LIVE_B = 8;
    private static final int TYPE_SHIFT = 4;
    private static final int HISTOGRAM = 1 << TYPE_SHIFT;
    private static final int SUMMARY = 2 << TYPE_SHIFT;

    private byte[] text;
    private long[] refs;
    private int[] seriesStarts;
    private int[] ends;
    private byte[] states;
    private int count;
    private int textSize;

    SeriesTexts() {
        this(0, 0);
    }

    private SeriesTexts(int capacity, int textCapacity) {
        text = new byte[textCapacity];
        refs = new long[capacity];
        seriesStarts = new int[capacity];
        ends = new int[capacity];
        states = new byte[capacity];
    }

    int count() {
        return count;
    }

    byte[] text() {
        return text;
    }

    /** Where the text of an entry starts. */
    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Where the series itself starts in the text of an entry. */
    int seriesStart(int index) {
        return seriesStarts[index];
    }

    /** Behind the text of an entry. */
    int end(int index) {
        return ends[index];
    }

    long ref(int index) {
        return refs[index];
    }

    void setRef(int index, long ref) {
        refs[index] = ref;
    }

    int state(int index) {
        return states[index];
    }

    void setState(int index, int state) {
        states[index] = (byte) state;
    }

    /** The type announced last before an entry, as far as it matters for labels: histogram, summary or any other. */
    MetricType type(int index) {
        return switch (states[index] & (HISTOGRAM | SUMMARY)) {
            case HISTOGRAM -> MetricType.HISTOGRAM;
            case SUMMARY -> MetricType.SUMMARY;
            default -> MetricType.UNKNOWN;
        };
    }

    static int typeState(MetricType type) {
        return switch (type) {
            case HISTOGRAM -> HISTOGRAM;
            case SUMMARY -> SUMMARY;
            case COUNTER, GAUGE, GAUGE_HISTOGRAM, INFO, STATESET, UNKNOWN -> 0;
        };
    }

    /** Adds an entry; the series starts {@code seriesFrom - from} bytes into its text. */
    void add(byte[] bytes, int from, int seriesFrom, int to, long ref, int state) {
        if (count == refs.length) {
            grow(Math.max(64, 2 * count));
        }
        int length = to - from;
        if (textSize + length > text.length) {
            text = Arrays.copyOf(text, Math.max(textSize + length, 2 * text.length));
        }
        System.arraycopy(bytes, from, text, textSize, length);
        seriesStarts[count] = textSize + (seriesFrom - from);
        textSize += length;
        ends[count] = textSize;
        refs[count] = ref;
        states[count] = (byte) state;
        count++;
    }

    /** Adds the first entries of another. */
    void addFirst(SeriesTexts other, int entries) {
        for (int i = 0; i < entries; i++) {
            addFrom(other, i, other.start(i));
        }
    }

    /** Adds an entry of another with its text from an offset on. */
    void addFrom(SeriesTexts other, int index, int from) {
        add(other.text, from, other.seriesStarts[index], other.ends[index], other.refs[index], other.states[index]);
    }

    private void grow(int capacity) {
        refs = Arrays.copyOf(refs, capacity);
        seriesStarts = Arrays.copyOf(seriesStarts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        states = Arrays.copyOf(states, capacity);
    }

    /** A copy that takes no more memory than it needs. */
    SeriesTexts trimmedCopy() {
        SeriesTexts copy = new SeriesTexts(0, 0);
        copy.text = Arrays.copyOf(text, textSize);
        copy.refs = Arrays.copyOf(refs, count);
        copy.seriesStarts = Arrays.copyOf(seriesStarts, count);
        copy.ends = Arrays.copyOf(ends, count);
        copy.states = Arrays.copyOf(states, count);
        copy.count = count;
        copy.textSize = textSize;
        return copy;
    }

    /** Forgets all entries and keeps the memory. */
    void clear() {
        count = 0;
        textSize = 0;
    }

    /** Bytes of memory that the columns take. */
    long sizeBytes() {
        return text.length + 17L * refs.length;
    }
}
