// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.FloatSample;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.HistogramSample;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.Sample;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.function.IntToDoubleFunction;

/**
 * The body of a remote write request (Prometheus Remote-Write 1.0 specification): a protobuf message, framed as Snappy
 * without compressing anything.
 */
final class RemoteWriteBody {
    private static final int MAX_LITERAL = 1 << 16;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Adds the samples of a series; one without samples is left out. */
    void add(Labels labels, NavigableMap<Long, Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        for (int i = 0; i < labels.size(); i++) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            bytes(label, 1, labels.name(i).getBytes(StandardCharsets.UTF_8));
            bytes(label, 2, labels.value(i).getBytes(StandardCharsets.UTF_8));
            bytes(series, 1, label.toByteArray());
        }
        for (Sample one : samples.values()) {
            switch (one) {
                case FloatSample number -> {
                    ByteArrayOutputStream sample = new ByteArrayOutputStream();
                    number(sample, 1, number.value());
                    integer(sample, 2, number.timestampMs());
                    bytes(series, 2, sample.toByteArray());
                }
                case HistogramSample histogram ->
                    bytes(series, 4, histogram(histogram.timestampMs(), histogram.histogram()));
            }
        }
        bytes(message, 1, series.toByteArray());
    }

    private static byte[] histogram(long timestampMs, NativeHistogram histogram) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HistogramLayout layout = histogram.layout();
        FloatHistogram counts = histogram.toFloat();
        boolean whole = histogram instanceof IntegerHistogram;
        if (whole) {
            integer(out, 1, (long) counts.count());
        } else {
            number(out, 2, counts.count());
        }
        number(out, 3, histogram.sum());
        integer(out, 4, zigzag(layout.schema()));
        number(out, 5, layout.zeroThreshold());
        if (whole) {
            integer(out, 6, (long) counts.zeroCount());
        } else {
            number(out, 7, counts.zeroCount());
        }
        layout.negativeSpans().forEach(span -> bytes(out, 8, span(span)));
        counts(out, 9, layout.negativeBuckets(), counts::negativeCount, whole);
        layout.positiveSpans().forEach(span -> bytes(out, 11, span(span)));
        counts(out, 12, layout.positiveBuckets(), counts::positiveCount, whole);
        integer(
                out,
                14,
                switch (histogram.counterResetHint()) {
                    case UNKNOWN -> 0;
                    case RESET -> 1;
                    case NOT_RESET -> 2;
                    case GAUGE -> 3;
                });
        integer(out, 15, timestampMs);
        ByteArrayOutputStream bounds = new ByteArrayOutputStream();
        layout.customValues().forEach(bound -> fixed(bounds, bound));
        bytes(out, 16, bounds.toByteArray());
        return out.toByteArray();
    }

    /** The field of differences of whole counts, and behind it that of fractional ones. */
    private static void counts(
            ByteArrayOutputStream out, int field, int size, IntToDoubleFunction counts, boolean whole) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        long before = 0;
        for (int i = 0; i < size; i++) {
            if (whole) {
                long count = (long) counts.applyAsDouble(i);
                varint(packed, zigzag(count - before));
                before = count;
            } else {
                fixed(packed, counts.applyAsDouble(i));
            }
        }
        bytes(out, whole ? field : field + 1, packed.toByteArray());
    }

    private static byte[] span(BucketSpan span) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        integer(out, 1, zigzag(span.offset()));
        integer(out, 2, span.length());
        return out.toByteArray();
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static void integer(ByteArrayOutputStream out, int field, long value) {
        out.write(field << 3);
        varint(out, value);
    }

    private static void number(ByteArrayOutputStream out, int field, double value) {
        out.write((field << 3) | 1);
        fixed(out, value);
    }

    private static void fixed(ByteArrayOutputStream out, double value) {
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += 8) {
            out.write((int) (bits >>> shift));
        }
    }

    byte[] toSnappy() {
        byte[] raw = message.toByteArray();
        ByteArrayOutputStream snappy = new ByteArrayOutputStream(raw.length + 64);
        varint(snappy, raw.length);
        for (int at = 0; at < raw.length; at += MAX_LITERAL) {
            int length = Math.min(MAX_LITERAL, raw.length - at);
            // A literal whose length less one stands in the next two bytes.
            snappy.write(61 << 2);
            snappy.write(length - 1);
            snappy.write((length - 1) >>> 8);
            snappy.write(raw, at, length);
        }
        return snappy.toByteArray();
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        varint(out, (field << 3) | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
