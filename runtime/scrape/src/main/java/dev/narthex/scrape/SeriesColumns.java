// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.model.MetricType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The series of a target in the order of its exposition, in columns: the reference in the storage, a state, the last
 * exemplar; how their texts are held is the matter of who extends this. For one thread.
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
 */
abstract class SeriesColumns {
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

    private long[] refs;
    private byte[] states;
    private int count;
    /** By entry; shorter than the other columns where no more entries have one. */
    private @Nullable LastExemplar[] exemplars = NO_EXEMPLARS;

    private ExpositionFormat format = ExpositionFormat.TEXT;
    private byte[] tail = NO_TEXT;

    /** Columns without an entry. */
    SeriesColumns() {
        refs = new long[0];
        states = new byte[0];
    }

    /** A copy of others that takes no more memory than it needs. */
    SeriesColumns(SeriesColumns other) {
        count = other.count;
        refs = Arrays.copyOf(other.refs, count);
        states = Arrays.copyOf(other.states, count);
        exemplars = other.exemplars.length == 0 ? NO_EXEMPLARS : Arrays.copyOf(other.exemplars, count);
        format = other.format;
        tail = other.tail;
    }

    final int count() {
        return count;
    }

    final long ref(int index) {
        return refs[index];
    }

    final void setRef(int index, long ref) {
        refs[index] = ref;
    }

    final int state(int index) {
        return states[index];
    }

    final void setState(int index, int state) {
        states[index] = (byte) state;
    }

    /** The exemplar of an entry's last sample that had one, null where none had. */
    final @Nullable LastExemplar exemplar(int index) {
        return index < exemplars.length ? exemplars[index] : null;
    }

    final void setExemplar(int index, @Nullable LastExemplar exemplar) {
        if (index >= exemplars.length) {
            if (exemplar == null) {
                return;
            }
            exemplars = Arrays.copyOf(exemplars, Math.max(refs.length, index + 1));
        }
        exemplars[index] = exemplar;
    }

    /** The format of the exposition that the texts are from. */
    final ExpositionFormat format() {
        return format;
    }

    /** What stood behind the last series. */
    final byte[] tail() {
        return tail;
    }

    /** Says what the exposition was, and what stood behind its last series. */
    final void end(ExpositionFormat newFormat, byte[] bytes, int from, int to) {
        format = newFormat;
        tail = from == to ? NO_TEXT : Arrays.copyOfRange(bytes, from, to);
    }

    final boolean endIs(ExpositionFormat otherFormat, byte[] bytes, int from, int to) {
        return format == otherFormat && Arrays.equals(tail, 0, tail.length, bytes, from, to);
    }

    /**
     * The type announced last before an entry, as far as it matters for its sample: counter, histogram, summary or any
     * other.
     */
    final MetricType type(int index) {
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

    /** Adds an entry to the columns; its number. */
    final int addEntry(long ref, int state) {
        if (count == refs.length) {
            int capacity = Math.max(64, 2 * count);
            refs = Arrays.copyOf(refs, capacity);
            states = Arrays.copyOf(states, capacity);
        }
        refs[count] = ref;
        states[count] = (byte) state;
        return count++;
    }

    /** Forgets all entries and keeps the memory. */
    final void clearEntries() {
        count = 0;
        exemplars = NO_EXEMPLARS;
        tail = NO_TEXT;
    }

    /** Bytes of memory that these columns take. */
    final long columnBytes() {
        return tail.length + 9L * refs.length + 8L * exemplars.length;
    }
}
