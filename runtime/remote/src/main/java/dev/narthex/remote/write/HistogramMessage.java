// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.wire.ProtobufException;
import dev.narthex.wire.ProtobufReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the message {@code Histogram}, the same in both versions of remote write (Remote-Write specifications,
 * "Protobuf Message"). For one thread, reused.
 */
final class HistogramMessage {
    private static final int COUNT_INT = 1;
    private static final int COUNT_FLOAT = 2;
    private static final int SUM = 3;
    private static final int SCHEMA = 4;
    private static final int ZERO_THRESHOLD = 5;
    private static final int ZERO_COUNT_INT = 6;
    private static final int ZERO_COUNT_FLOAT = 7;
    private static final int NEGATIVE_SPANS = 8;
    private static final int NEGATIVE_DELTAS = 9;
    private static final int NEGATIVE_COUNTS = 10;
    private static final int POSITIVE_SPANS = 11;
    private static final int POSITIVE_DELTAS = 12;
    private static final int POSITIVE_COUNTS = 13;
    private static final int RESET_HINT = 14;
    private static final int TIMESTAMP = 15;
    private static final int CUSTOM_VALUES = 16;
    private static final int START_TIMESTAMP = 17;
    /** The hints in the order of the message's enumeration. */
    private static final CounterResetHint[] HINTS = {
        CounterResetHint.UNKNOWN, CounterResetHint.RESET, CounterResetHint.NOT_RESET, CounterResetHint.GAUGE
    };

    private final Numbers negative = new Numbers();
    private final Numbers positive = new Numbers();
    private final List<BucketSpan> negativeSpans = new ArrayList<>();
    private final List<BucketSpan> positiveSpans = new ArrayList<>();
    private final List<Double> customValues = new ArrayList<>();
    private boolean isFloat;
    private long count;
    private double floatCount;
    private long zeroCount;
    private double floatZeroCount;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private CounterResetHint hint = CounterResetHint.UNKNOWN;
    private long timestampMs;
    private long startTimestampMs;

    /** Reads the message that the reader has entered, to its end. */
    void read(ProtobufReader reader) {
        clear();
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case COUNT_INT -> count = reader.int64();
                case COUNT_FLOAT -> {
                    isFloat = true;
                    floatCount = reader.float64();
                }
                case SUM -> sum = reader.float64();
                case SCHEMA -> schema = (int) reader.sint64();
                case ZERO_THRESHOLD -> zeroThreshold = reader.float64();
                case ZERO_COUNT_INT -> zeroCount = reader.int64();
                case ZERO_COUNT_FLOAT -> floatZeroCount = reader.float64();
                case NEGATIVE_SPANS -> negativeSpans.add(span(reader));
                case NEGATIVE_DELTAS -> negative.deltas(reader);
                case NEGATIVE_COUNTS -> negative.counts(reader);
                case POSITIVE_SPANS -> positiveSpans.add(span(reader));
                case POSITIVE_DELTAS -> positive.deltas(reader);
                case POSITIVE_COUNTS -> positive.counts(reader);
                case RESET_HINT -> hint = hint(reader.int64());
                case TIMESTAMP -> timestampMs = reader.int64();
                case CUSTOM_VALUES -> customValues(reader);
                case START_TIMESTAMP -> startTimestampMs = reader.int64();
                default -> {}
            }
            field = reader.next();
        }
    }

    private void clear() {
        negative.clear();
        positive.clear();
        negativeSpans.clear();
        positiveSpans.clear();
        customValues.clear();
        isFloat = false;
        count = 0;
        floatCount = 0;
        zeroCount = 0;
        floatZeroCount = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        hint = CounterResetHint.UNKNOWN;
        timestampMs = 0;
        startTimestampMs = 0;
    }

    private static CounterResetHint hint(long number) {
        return number >= 0 && number < HINTS.length ? HINTS[(int) number] : CounterResetHint.UNKNOWN;
    }

    private static BucketSpan span(ProtobufReader reader) {
        int outer = reader.enter();
        int offset = 0;
        long length = 0;
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case 1 -> offset = (int) reader.sint64();
                case 2 -> length = reader.int64();
                default -> {}
            }
            field = reader.next();
        }
        reader.leave(outer);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new ProtobufException("protobuf: bad span length " + length);
        }
        return new BucketSpan(offset, (int) length);
    }

    private void customValues(ProtobufReader reader) {
        int outer = reader.enterPacked();
        while (reader.hasPacked()) {
            customValues.add(reader.packedFloat64());
        }
        reader.leave(outer);
    }

    /** Milliseconds since 1970. */
    long timestampMs() {
        return timestampMs;
    }

    /** The memory of what grows. */
    long heldBytes() {
        return negative.heldBytes() + positive.heldBytes();
    }

    /** Milliseconds since 1970, 0 where none was sent. */
    long startTimestampMs() {
        return startTimestampMs;
    }

    /**
     * The histogram that was read.
     *
     * @throws dev.narthex.model.InvalidHistogramException where its parts make none; the message says why
     */
    NativeHistogram histogram() {
        HistogramLayout layout = new HistogramLayout(schema, zeroThreshold, positiveSpans, negativeSpans, customValues);
        return isFloat
                ? new FloatHistogram(
                        hint, layout, floatCount, floatZeroCount, sum, positive.doubles(), negative.doubles())
                : new IntegerHistogram(hint, layout, count, zeroCount, sum, positive.longs(), negative.longs());
    }

    /** The counts of one side: differences of whole numbers, made absolute, or fractional numbers. */
    private static final class Numbers {
        private long[] whole = new long[32];
        private double[] fractional = new double[32];
        private int wholeSize;
        private int fractionalSize;
        private long last;

        void clear() {
            wholeSize = 0;
            fractionalSize = 0;
            last = 0;
        }

        void deltas(ProtobufReader reader) {
            int outer = reader.enterPacked();
            while (reader.hasPacked()) {
                if (wholeSize == whole.length) {
                    whole = Arrays.copyOf(whole, 2 * wholeSize);
                }
                last += reader.packedSint64();
                whole[wholeSize++] = last;
            }
            reader.leave(outer);
        }

        void counts(ProtobufReader reader) {
            int outer = reader.enterPacked();
            while (reader.hasPacked()) {
                if (fractionalSize == fractional.length) {
                    fractional = Arrays.copyOf(fractional, 2 * fractionalSize);
                }
                fractional[fractionalSize++] = reader.packedFloat64();
            }
            reader.leave(outer);
        }

        long heldBytes() {
            return 8L * (whole.length + fractional.length);
        }

        long[] longs() {
            return Arrays.copyOf(whole, wholeSize);
        }

        double[] doubles() {
            return Arrays.copyOf(fractional, fractionalSize);
        }
    }
}
