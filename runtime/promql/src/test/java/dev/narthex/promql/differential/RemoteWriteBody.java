// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;

/**
 * The body of a remote write request (Prometheus Remote-Write 1.0 specification): a protobuf message, framed as Snappy
 * without compressing anything.
 */
final class RemoteWriteBody {
    private static final int MAX_LITERAL = 1 << 16;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Adds the samples of a series; one without samples is left out. */
    void add(Labels labels, NavigableMap<Long, Double> samples) {
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
        samples.forEach((timestampMs, value) -> {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            sample.write((1 << 3) | 1);
            long bits = Double.doubleToRawLongBits(value);
            for (int shift = 0; shift < Long.SIZE; shift += 8) {
                sample.write((int) (bits >>> shift));
            }
            sample.write(2 << 3);
            varint(sample, timestampMs);
            bytes(series, 2, sample.toByteArray());
        });
        bytes(message, 1, series.toByteArray());
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
        out.write((field << 3) | 2);
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
