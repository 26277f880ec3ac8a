// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.NativeHistogram;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of native histograms (Prometheus documentation, "WAL Disk Format", histogram records).
 *
 * <pre>
 * base reference (8 bytes) | base timestamp (8 bytes), then for each
 *   reference less base (svarint) | timestamp less base (svarint) | counter reset hint (1 byte) | schema (svarint)
 *   zero threshold (8 bytes) | zero count | count | sum (8 bytes)
 *   count of positive spans (uvarint), each: offset (svarint), length (uvarint)
 *   negative spans, the same
 *   count of positive buckets (uvarint), buckets | negative buckets, the same
 *   with custom buckets: count of custom values (uvarint), each 8 bytes
 *
 * integer counts: count and zero count as uvarint; a bucket is its count less that of the one before it, svarint
 * float counts:   all in 8 bytes
 * </pre>
 */
public final class HistogramRecords {
    private static final int MIN_SPAN_BYTES = 2;

    /**
     * Takes a histogram.
     *
     * @param <E> how it may fail
     */
    @FunctionalInterface
    public interface Histograms<E extends Exception> {
        /**
         * Takes one.
         *
         * @param startMs when the counting began, 0 where that is not known
         */
        void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) throws E;
    }

    private HistogramRecords() {}

    /** The type of the record that a histogram goes to. */
    public static int type(NativeHistogram histogram) {
        boolean custom = histogram.layout().hasCustomBuckets();
        return switch (histogram) {
            case IntegerHistogram _ -> custom ? RecordType.CUSTOM_HISTOGRAMS : RecordType.HISTOGRAMS;
            case FloatHistogram _ -> custom ? RecordType.CUSTOM_FLOAT_HISTOGRAMS : RecordType.FLOAT_HISTOGRAMS;
        };
    }

    /** The type of the record that a histogram with a start timestamp goes to. */
    public static int typeWithStart(NativeHistogram histogram) {
        return switch (histogram) {
            case IntegerHistogram _ -> RecordType.ST_HISTOGRAMS;
            case FloatHistogram _ -> RecordType.ST_FLOAT_HISTOGRAMS;
        };
    }

    /** Whether records of a type hold histograms. */
    public static boolean isHistograms(int type) {
        return (type >= RecordType.HISTOGRAMS && type <= RecordType.CUSTOM_FLOAT_HISTOGRAMS)
                || type == RecordType.ST_HISTOGRAMS
                || type == RecordType.ST_FLOAT_HISTOGRAMS;
    }

    /** Writes a histogram behind the base of its record ({@link WalBatch#putSamplesBase}). */
    public static void write(WalBatch into, long refDistance, long timeDistanceMs, NativeHistogram histogram) {
        into.putSvarint(refDistance);
        into.putSvarint(timeDistanceMs);
        write(into, histogram);
    }

    /** Writes a histogram without reference and time. */
    public static void write(WalBatch into, NativeHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        into.putByte(hintByte(histogram.counterResetHint()));
        into.putSvarint(layout.schema());
        into.putDouble(layout.zeroThreshold());
        switch (histogram) {
            case IntegerHistogram integer -> {
                into.putUvarint(integer.zeroCount());
                into.putUvarint(integer.count());
            }
            case FloatHistogram floating -> {
                into.putDouble(floating.zeroCount());
                into.putDouble(floating.count());
            }
        }
        into.putDouble(histogram.sum());
        writeSpans(into, layout.positiveSpans());
        writeSpans(into, layout.negativeSpans());
        writeBuckets(into, histogram, layout.positiveBuckets(), true);
        writeBuckets(into, histogram, layout.negativeBuckets(), false);
        if (layout.hasCustomBuckets()) {
            into.putUvarint(layout.customValues().size());
            for (double value : layout.customValues()) {
                into.putDouble(value);
            }
        }
    }

    private static void writeSpans(WalBatch into, List<BucketSpan> spans) {
        into.putUvarint(spans.size());
        for (BucketSpan span : spans) {
            into.putSvarint(span.offset());
            into.putUvarint(span.length());
        }
    }

    private static void writeBuckets(WalBatch into, NativeHistogram histogram, int count, boolean positive) {
        into.putUvarint(count);
        long former = 0;
        for (int i = 0; i < count; i++) {
            switch (histogram) {
                case IntegerHistogram integer -> {
                    long value = positive ? integer.positiveCount(i) : integer.negativeCount(i);
                    into.putSvarint(value - former);
                    former = value;
                }
                case FloatHistogram floating ->
                    into.putDouble(positive ? floating.positiveCount(i) : floating.negativeCount(i));
            }
        }
    }

    /**
     * Reads the histograms of a record.
     *
     * @param type the record's type, one that {@link #isHistograms}
     * @param reader at the record's content
     * @return false where the record is not well formed; the histograms before that were handed out
     */
    public static <E extends Exception> boolean read(int type, RecordReader reader, Histograms<E> histograms) throws E {
        if (!reader.hasMore()) {
            return true;
        }
        boolean floats = type == RecordType.FLOAT_HISTOGRAMS
                || type == RecordType.CUSTOM_FLOAT_HISTOGRAMS
                || type == RecordType.ST_FLOAT_HISTOGRAMS;
        if (StartTimestampRecords.has(type)) {
            return readWithStarts(floats, reader, histograms);
        }
        long baseRef = reader.readLong();
        long baseTime = reader.readLong();
        while (reader.hasMore()) {
            long ref = baseRef + reader.readSvarint();
            long timestampMs = baseTime + reader.readSvarint();
            NativeHistogram histogram = next(reader, floats);
            if (histogram == null) {
                return false;
            }
            histograms.histogram(ref, timestampMs, histogram, 0);
        }
        return reader.isGood();
    }

    private static <E extends Exception> boolean readWithStarts(
            boolean floats, RecordReader reader, Histograms<E> histograms) throws E {
        StartTimestampRecords samples = new StartTimestampRecords(reader);
        while (samples.next()) {
            NativeHistogram histogram = next(reader, floats);
            if (histogram == null) {
                return false;
            }
            histograms.histogram(samples.ref(), samples.timestampMs(), histogram, samples.startMs());
        }
        return reader.isGood();
    }

    /** The next histogram; null where it is not well formed. */
    private static @Nullable NativeHistogram next(RecordReader reader, boolean floats) {
        try {
            NativeHistogram histogram = readHistogram(reader, floats);
            return reader.isGood() ? histogram : null;
        } catch (InvalidHistogramException e) {
            boolean _ = reader.fail();
            return null;
        }
    }

    private static NativeHistogram readHistogram(RecordReader reader, boolean floats) {
        CounterResetHint hint = hint(reader.readByte());
        long schema = reader.readSvarint();
        double zeroThreshold = reader.readDouble();
        long zeroCount = floats ? reader.readLong() : reader.readUvarint();
        long count = floats ? reader.readLong() : reader.readUvarint();
        double sum = reader.readDouble();
        List<BucketSpan> positiveSpans = readSpans(reader);
        List<BucketSpan> negativeSpans = readSpans(reader);
        long[] positive = readBuckets(reader, floats);
        long[] negative = readBuckets(reader, floats);
        List<Double> customValues = schema == HistogramLayout.CUSTOM_BUCKETS ? readCustomValues(reader) : List.of();
        if (schema != (int) schema) {
            reader.fail();
        }
        HistogramLayout layout =
                new HistogramLayout((int) schema, zeroThreshold, positiveSpans, negativeSpans, customValues);
        return floats
                ? new FloatHistogram(
                        hint,
                        layout,
                        Double.longBitsToDouble(count),
                        Double.longBitsToDouble(zeroCount),
                        sum,
                        doubles(positive),
                        doubles(negative))
                : new IntegerHistogram(hint, layout, count, zeroCount, sum, positive, negative);
    }

    private static List<BucketSpan> readSpans(RecordReader reader) {
        int count = reader.readCount(MIN_SPAN_BYTES);
        List<BucketSpan> spans = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long offset = reader.readSvarint();
            long length = reader.readUvarint();
            if (length < 0 || length > reader.left() || offset != (int) offset) {
                reader.fail();
                return List.of();
            }
            spans.add(new BucketSpan((int) offset, (int) length));
        }
        return spans;
    }

    private static long[] readBuckets(RecordReader reader, boolean floats) {
        long[] buckets = new long[reader.readCount(floats ? Long.BYTES : 1)];
        long count = 0;
        for (int i = 0; i < buckets.length; i++) {
            count = floats ? reader.readLong() : count + reader.readSvarint();
            buckets[i] = count;
        }
        return buckets;
    }

    private static List<Double> readCustomValues(RecordReader reader) {
        int count = reader.readCount(Double.BYTES);
        List<Double> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(reader.readDouble());
        }
        return values;
    }

    private static double[] doubles(long[] bits) {
        double[] doubles = new double[bits.length];
        for (int i = 0; i < bits.length; i++) {
            doubles[i] = Double.longBitsToDouble(bits[i]);
        }
        return doubles;
    }

    private static int hintByte(CounterResetHint hint) {
        return switch (hint) {
            case UNKNOWN -> 0;
            case RESET -> 1;
            case NOT_RESET -> 2;
            case GAUGE -> 3;
        };
    }

    private static CounterResetHint hint(int value) {
        return switch (value) {
            case 1 -> CounterResetHint.RESET;
            case 2 -> CounterResetHint.NOT_RESET;
            case 3 -> CounterResetHint.GAUGE;
            default -> CounterResetHint.UNKNOWN;
        };
    }
}
