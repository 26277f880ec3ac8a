// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.InvalidHistogramException;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads where the buckets of a histogram chunk lie (see {@link HistogramChunkLayout}). */
final class BucketLayouts {
    private static final int MIN_SPAN_BITS = 2;

    private BucketLayouts() {}

    static void write(BitWriter out, HistogramLayout layout) {
        writeZeroThreshold(out, layout.zeroThreshold());
        out.varbitInt(layout.schema());
        writeSpans(out, layout.positiveSpans());
        writeSpans(out, layout.negativeSpans());
        if (layout.hasCustomBuckets()) {
            List<Double> values = layout.customValues();
            out.varbitUint(values.size());
            for (int i = 0; i < values.size(); i++) {
                writeCustomValue(out, values.get(i));
            }
        }
    }

    private static void writeZeroThreshold(BitWriter out, double threshold) {
        long bits = Double.doubleToRawLongBits(threshold);
        int exponent = Math.getExponent(threshold) + HistogramChunkLayout.ZERO_THRESHOLD_EXPONENT_BIAS;
        boolean powerOfTwo = bits > 0 && (bits & 0xfffffffffffffL) == 0;
        if (bits == 0) {
            out.bits(0, 8);
        } else if (powerOfTwo && exponent >= 1 && exponent <= HistogramChunkLayout.ZERO_THRESHOLD_MAX_SHORT) {
            out.bits(exponent, 8);
        } else {
            out.bits(HistogramChunkLayout.ZERO_THRESHOLD_LONG, 8);
            out.bits(bits, 64);
        }
    }

    private static void writeSpans(BitWriter out, List<BucketSpan> spans) {
        out.varbitUint(spans.size());
        for (int i = 0; i < spans.size(); i++) {
            BucketSpan span = spans.get(i);
            out.varbitUint(span.length());
            out.varbitInt(span.offset());
        }
    }

    private static void writeCustomValue(BitWriter out, double value) {
        double thousandths = Math.rint(value * HistogramChunkLayout.CUSTOM_SCALE);
        boolean exact = thousandths >= 0
                && thousandths <= HistogramChunkLayout.CUSTOM_MAX_SHORT
                && thousandths / HistogramChunkLayout.CUSTOM_SCALE == value
                && Double.doubleToRawLongBits(value) >= 0;
        if (exact) {
            out.varbitUint((long) thousandths + 1);
        } else {
            out.bits(0, 1);
            out.bits(Double.doubleToRawLongBits(value), 64);
        }
    }

    static HistogramLayout read(BitReader in) {
        double threshold = readZeroThreshold(in);
        long schema = in.varbitInt();
        List<BucketSpan> positive = readSpans(in);
        List<BucketSpan> negative = readSpans(in);
        List<Double> customValues = schema == HistogramLayout.CUSTOM_BUCKETS ? readCustomValues(in) : List.of();
        try {
            return new HistogramLayout(Math.toIntExact(schema), threshold, positive, negative, customValues);
        } catch (InvalidHistogramException | ArithmeticException e) {
            throw new CorruptChunkException("chunk has an impossible bucket layout: " + e.getMessage(), e);
        }
    }

    private static double readZeroThreshold(BitReader in) {
        int first = (int) in.bits(8);
        if (first == 0) {
            return 0;
        }
        return first == HistogramChunkLayout.ZERO_THRESHOLD_LONG
                ? Double.longBitsToDouble(in.bits(64))
                : Math.scalb(1.0, first - HistogramChunkLayout.ZERO_THRESHOLD_EXPONENT_BIAS);
    }

    private static List<BucketSpan> readSpans(BitReader in) {
        int count = count(in, MIN_SPAN_BITS, "spans");
        List<BucketSpan> spans = new ArrayList<>(count);
        long buckets = 0;
        for (int i = 0; i < count; i++) {
            long length = in.varbitUint();
            long offset = in.varbitInt();
            buckets += length;
            // Each bucket takes a bit at least, in each sample.
            if (length < 0 || length > in.left() || buckets > in.left() || offset != (int) offset) {
                throw new CorruptChunkException(
                        "chunk has a span of " + length + " buckets at " + offset + ", which it cannot hold");
            }
            spans.add(new BucketSpan((int) offset, (int) length));
        }
        return spans;
    }

    private static List<Double> readCustomValues(BitReader in) {
        int count = count(in, 1, "custom values");
        List<Double> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long thousandths = in.varbitUint();
            values.add(
                    thousandths == 0
                            ? Double.longBitsToDouble(in.bits(64))
                            : (thousandths - 1) / HistogramChunkLayout.CUSTOM_SCALE);
        }
        return values;
    }

    private static int count(BitReader in, int bitsEach, String what) {
        long count = in.varbitUint();
        if (count < 0 || count > in.left() / bitsEach) {
            throw new CorruptChunkException("chunk has " + Long.toUnsignedString(count) + " " + what
                    + ", found room for " + in.left() / bitsEach);
        }
        return (int) count;
    }
}
