// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.NativeHistogram;
import dev.narthex.wire.ProtobufReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An {@code io.prometheus.client.Histogram}, or a {@code Summary}, whose fields mean the same where they have the same
 * place: both forms that a histogram may have at once, the classic and the native one. For one thread; its memory is kept.
 */
final class HistogramMessage {
    private static final int SAMPLE_COUNT = 1;
    private static final int SAMPLE_SUM = 2;
    private static final int BUCKET = 3;
    private static final int SAMPLE_COUNT_FLOAT = 4;
    private static final int SUMMARY_CREATED = 4;
    private static final int SCHEMA = 5;
    private static final int ZERO_THRESHOLD = 6;
    private static final int ZERO_COUNT = 7;
    private static final int ZERO_COUNT_FLOAT = 8;
    private static final int NEGATIVE_SPAN = 9;
    private static final int NEGATIVE_DELTA = 10;
    private static final int NEGATIVE_COUNT = 11;
    private static final int POSITIVE_SPAN = 12;
    private static final int POSITIVE_DELTA = 13;
    private static final int POSITIVE_COUNT = 14;
    private static final int CREATED = 15;
    private static final int EXEMPLAR = 16;
    private static final int SPAN_OFFSET = 1;
    private static final int SPAN_LENGTH = 2;
    private static final double TWO_TO_63 = 0x1p63;

    /** One side of a native histogram. */
    private static final class Side {
        final List<BucketSpan> spans = new ArrayList<>(0);
        long[] deltas = new long[16];
        double[] counts = new double[16];
        int deltaCount;
        int countCount;

        void clear() {
            spans.clear();
            deltaCount = 0;
            countCount = 0;
        }

        void deltas(ProtobufReader reader) {
            int packedEnd = reader.openPacked(ProtobufReader.VARINT);
            while (reader.hasMore(packedEnd)) {
                if (deltaCount == deltas.length) {
                    deltas = Arrays.copyOf(deltas, 2 * deltaCount);
                }
                deltas[deltaCount++] = reader.packedSint64();
            }
        }

        void counts(ProtobufReader reader) {
            int packedEnd = reader.openPacked(ProtobufReader.FIXED64);
            while (reader.hasMore(packedEnd)) {
                if (countCount == counts.length) {
                    counts = Arrays.copyOf(counts, 2 * countCount);
                }
                counts[countCount++] = reader.packedFloat64();
            }
        }

        void span(ProtobufReader reader) {
            long offset = 0;
            long length = 0;
            int outer = reader.enter();
            for (int field = reader.next(); field != 0; field = reader.next()) {
                switch (field) {
                    case SPAN_OFFSET -> offset = reader.sint64();
                    case SPAN_LENGTH -> length = reader.int64() & 0xffff_ffffL;
                    default -> {
                        // Of a later version.
                    }
                }
            }
            reader.leave(outer);
            spans.add(new BucketSpan((int) offset, (int) Math.min(length, Integer.MAX_VALUE)));
        }

        long covered() {
            long covered = 0;
            for (BucketSpan span : spans) {
                covered += span.length();
            }
            return covered;
        }

        /**
         * Drops spans and buckets that hold nothing where spans do not ascend as they stand: what is left may, and only
         * that counts for Prometheus.
         */
        void compact(boolean floats) {
            boolean ascending = true;
            for (int i = 0; i < spans.size(); i++) {
                BucketSpan span = spans.get(i);
                ascending &= span.length() > 0 && (i == 0 || span.offset() >= 0);
            }
            if (ascending) {
                return;
            }
            List<BucketSpan> all = List.copyOf(spans);
            spans.clear();
            int read = 0;
            int kept = 0;
            long count = 0;
            long countKept = 0;
            long index = 0;
            long behind = 0;
            for (BucketSpan span : all) {
                index += span.offset();
                for (int i = 0; i < span.length(); i++, index++, read++) {
                    count += floats ? 0 : deltas[read];
                    if (floats ? counts[read] == 0 : count == 0) {
                        continue;
                    }
                    if (floats) {
                        counts[kept++] = counts[read];
                    } else {
                        deltas[kept++] = count - countKept;
                        countKept = count;
                    }
                    keep(index - behind);
                    behind = index + 1;
                }
            }
            deltaCount = floats ? deltaCount : kept;
            countCount = floats ? kept : countCount;
        }

        private void keep(long gap) {
            if (gap == 0 && !spans.isEmpty()) {
                BucketSpan last = spans.removeLast();
                spans.add(new BucketSpan(last.offset(), last.length() + 1));
            } else {
                spans.add(new BucketSpan((int) gap, 1));
            }
        }

        double[] fractional() {
            return Arrays.copyOf(counts, covered() == 0 ? 0 : countCount);
        }

        long[] absolute() {
            long[] absolute = new long[covered() == 0 ? 0 : deltaCount];
            long count = 0;
            for (int i = 0; i < absolute.length; i++) {
                count += deltas[i];
                absolute[i] = count;
            }
            return absolute;
        }
    }

    private final Side positive = new Side();
    private final Side negative = new Side();
    final ByteRanges buckets = new ByteRanges();
    final ByteRanges exemplars = new ByteRanges();
    private long count;
    private double countFloat;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private long zeroCount;
    private double zeroCountFloat;
    private final TimestampMessage created = new TimestampMessage();

    void clear() {
        positive.clear();
        negative.clear();
        buckets.clear();
        exemplars.clear();
        count = 0;
        countFloat = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        zeroCountFloat = 0;
        created.clear();
    }

    /** Reads the summary that is the reader's current field, on top of what was read before. */
    void readSummary(ProtobufReader reader) {
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case SAMPLE_COUNT -> count = reader.int64();
                case SAMPLE_SUM -> sum = reader.float64();
                case BUCKET -> range(reader, buckets);
                case SUMMARY_CREATED -> created.read(reader);
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
    }

    /** Reads the histogram that is the reader's current field, on top of what was read before. */
    void readHistogram(ProtobufReader reader) {
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case SAMPLE_COUNT -> count = reader.int64();
                case SAMPLE_SUM -> sum = reader.float64();
                case BUCKET -> range(reader, buckets);
                case SAMPLE_COUNT_FLOAT -> countFloat = reader.float64();
                case SCHEMA -> schema = (int) reader.sint64();
                case ZERO_THRESHOLD -> zeroThreshold = reader.float64();
                case ZERO_COUNT -> zeroCount = reader.int64();
                case ZERO_COUNT_FLOAT -> zeroCountFloat = reader.float64();
                case NEGATIVE_SPAN -> negative.span(reader);
                case NEGATIVE_DELTA -> negative.deltas(reader);
                case NEGATIVE_COUNT -> negative.counts(reader);
                case POSITIVE_SPAN -> positive.span(reader);
                case POSITIVE_DELTA -> positive.deltas(reader);
                case POSITIVE_COUNT -> positive.counts(reader);
                case CREATED -> created.read(reader);
                case EXEMPLAR -> range(reader, exemplars);
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
    }

    private static void range(ProtobufReader reader, ByteRanges into) {
        reader.bytes();
        into.add(reader.start(), reader.stop());
    }

    /** All observations, as a float sample. */
    double count() {
        return countFloat != 0 ? countFloat : unsigned(count);
    }

    static double unsigned(long value) {
        return value >= 0 ? value : (double) (value & Long.MAX_VALUE) + TWO_TO_63;
    }

    double sum() {
        return sum;
    }

    long createdMs() {
        return created.millis();
    }

    boolean isNative() {
        return zeroThreshold > 0
                || zeroCount != 0
                || zeroCountFloat > 0
                || !positive.spans.isEmpty()
                || !negative.spans.isEmpty();
    }

    private boolean isFloat() {
        return countFloat > 0 || zeroCountFloat > 0;
    }

    /**
     * What is wrong with the buckets of the native form before it can be looked at as a histogram; empty where nothing.
     *
     * @param lenient whether buckets of a side without spans are passed over, as in Prometheus behind another native
     *     histogram of a family
     */
    String problem(boolean lenient) {
        String problem = problem("positive", positive, lenient);
        return problem.isEmpty() ? problem("negative", negative, lenient) : problem;
    }

    private String problem(String name, Side side, boolean lenient) {
        int found = isFloat() ? side.countCount : side.deltaCount;
        long covered = side.covered();
        if (covered == 0 && lenient) {
            return "";
        }
        return covered == found ? "" : name + " side: spans require " + covered + " buckets, have " + found;
    }

    /**
     * The native form.
     *
     * @throws dev.narthex.model.InvalidHistogramException where it is not one that can be observed
     */
    NativeHistogram nativeForm(boolean gauge) {
        if (schema > HistogramLayout.MAX_SCHEMA) {
            throw new InvalidHistogramException("histogram has an invalid schema, found " + schema + "; it is "
                    + HistogramLayout.MIN_SCHEMA + " to " + HistogramLayout.MAX_SCHEMA);
        }
        CounterResetHint hint = gauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN;
        positive.compact(isFloat());
        negative.compact(isFloat());
        HistogramLayout layout = schema == HistogramLayout.CUSTOM_BUCKETS
                ? new HistogramLayout(schema, zeroThreshold, positive.spans, negative.spans, List.of())
                : HistogramLayout.exponential(schema, zeroThreshold, positive.spans, negative.spans);
        NativeHistogram histogram;
        if (isFloat()) {
            histogram = new FloatHistogram(
                    hint, layout, countFloat, zeroCountFloat, sum, positive.fractional(), negative.fractional());
        } else {
            histogram =
                    new IntegerHistogram(hint, layout, count, zeroCount, sum, positive.absolute(), negative.absolute());
        }
        histogram.validate();
        return histogram;
    }
}
