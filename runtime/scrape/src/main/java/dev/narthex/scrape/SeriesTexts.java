// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.model.MetricType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The series of a target in the order of its exposition, in columns: the text up to the value (all bytes behind the line
 * before, that is comments and the series itself), the reference in the storage, and a state. For one thread.
 *
 * <p>State of a series, one byte: whether a counter, a histogram or a summary was announced last (bits 4 and 5) and
 *
 * <ul>
 *   <li>{@link #KNOWN}: a sample of it has been appended;
 *   <li>{@link #REPEATED}: the same text stands further up;
 *   <li>{@link #LIVE_A}, {@link #LIVE_B}: in this scrape or the one before, in turns, a sample without a timestamp of its
 *       own was appended, so that the series is due a staleness marker when it goes;
 *   <li>{@link #NATIVE}: its last sample was a native histogram.
 * </ul>
 *
 * <p>Texts once added stay as they are, so that another thread may read them; references and states change.
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
    static final int NATIVE = 64;
    private static final int TYPE_SHIFT = 4;
    private static final int HISTOGRAM = 1 << TYPE_SHIFT;
    private static final int SUMMARY = 2 << TYPE_SHIFT;
    private static final int COUNTER = 3 << TYPE_SHIFT;
    private static final byte[] NO_TEXT = new byte[0];
    private static final LastExemplar[] NO_EXEMPLARS = new LastExemplar[0];

    private byte[] text;
    private long[] refs;
    private int[] seriesStarts;
    private int[] ends;
    private byte[] states;
    private int count;
    private int textSize;
    /** By entry; shorter than the other columns where no more entries have one. */
    private @Nullable LastExemplar[] exemplars = NO_EXEMPLARS;

    private ExpositionFormat format = ExpositionFormat.TEXT;
    private byte[] tail = NO_TEXT;

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

    /** The exemplar of an entry's last sample that had one, null where none had. */
    @Nullable
    LastExemplar exemplar(int index) {
        return index < exemplars.length ? exemplars[index] : null;
    }

    void setExemplar(int index, @Nullable LastExemplar exemplar) {
        if (index >= exemplars.length) {
            if (exemplar == null) {
                return;
            }
            exemplars = Arrays.copyOf(exemplars, Math.max(refs.length, index + 1));
        }
        exemplars[index] = exemplar;
    }

    /** The format of the exposition that the texts are from. */
    ExpositionFormat format() {
        return format;
    }

    /** What stood behind the last series. */
    byte[] tail() {
        return tail;
    }

    /** Says what the exposition was, and what stood behind its last series. */
    void end(ExpositionFormat newFormat, byte[] bytes, int from, int to) {
        format = newFormat;
        tail = from == to ? NO_TEXT : Arrays.copyOfRange(bytes, from, to);
    }

    boolean endIs(ExpositionFormat otherFormat, byte[] bytes, int from, int to) {
        return format == otherFormat && Arrays.equals(tail, 0, tail.length, bytes, from, to);
    }

    /**
     * The type announced last before an entry, as far as it matters for its sample: counter, histogram, summary or any
     * other.
     */
    MetricType type(int index) {
        return switch (states[index] & COUNTER) {
            case HISTOGRAM -> MetricType.HISTOGRAM;
            case SUMMARY -> MetricType.SUMMARY;
            case COUNTER -> MetricType.COUNTER;
            default -> MetricType.UNKNOWN;
        };
    }

    static int typeState(MetricType type) {
        return switch (type) {
            case HISTOGRAM -> HISTOGRAM;
            case SUMMARY -> SUMMARY;
            case COUNTER -> COUNTER;
            case GAUGE, GAUGE_HISTOGRAM, INFO, STATESET, UNKNOWN -> 0;
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
        setExemplar(count - 1, other.exemplar(index));
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
        copy.format = format;
        copy.tail = tail;
        copy.exemplars = exemplars.length == 0 ? NO_EXEMPLARS : Arrays.copyOf(exemplars, count);
        return copy;
    }

    /** Forgets all entries and keeps the memory. */
    void clear() {
        count = 0;
        textSize = 0;
        exemplars = NO_EXEMPLARS;
        tail = NO_TEXT;
    }

    /** Bytes of memory that the columns take. */
    long sizeBytes() {
        return text.length + tail.length + 17L * refs.length + 8L * exemplars.length;
    }
}
