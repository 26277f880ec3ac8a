// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.wire.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bodies of remote write requests, for tests; framed as Snappy without compressing anything. */
final class WriteBody {
    private static final int MAX_LITERAL = 1 << 16;

    private WriteBody() {}

    /** A series of version 1: labels as alternating names and values, then samples as alternating times and values. */
    static ProtobufWriter series(List<String> labels, long... timesAndValues) {
        ProtobufWriter series = new ProtobufWriter();
        for (int i = 0; i < labels.size(); i += 2) {
            series.message(1, new ProtobufWriter().text(1, labels.get(i)).text(2, labels.get(i + 1)));
        }
        for (int i = 0; i < timesAndValues.length; i += 2) {
            series.message(
                    2,
                    new ProtobufWriter()
                            .float64(1, (double) timesAndValues[i + 1])
                            .int64(2, timesAndValues[i]));
        }
        return series;
    }

    static byte[] v1(ProtobufWriter... series) {
        ProtobufWriter request = new ProtobufWriter();
        for (ProtobufWriter one : series) {
            request.message(1, one);
        }
        return snappy(request.toByteArray());
    }

    /** A request of version 2 in the making. */
    static final class V2 {
        private final List<String> symbols = new ArrayList<>(List.of(""));
        private final List<ProtobufWriter> series = new ArrayList<>();

        long ref(String text) {
            int at = symbols.indexOf(text);
            if (at < 0) {
                at = symbols.size();
                symbols.add(text);
            }
            return at;
        }

        ProtobufWriter refs(List<String> labels) {
            ProtobufWriter refs = new ProtobufWriter();
            labels.forEach(text -> refs.varint(ref(text)));
            return refs;
        }

        /** Adds a series; further fields may be written to it. */
        ProtobufWriter add(List<String> labels, long... timesAndValues) {
            ProtobufWriter one = new ProtobufWriter().message(1, refs(labels));
            for (int i = 0; i < timesAndValues.length; i += 2) {
                one.message(
                        2,
                        new ProtobufWriter()
                                .float64(1, (double) timesAndValues[i + 1])
                                .int64(2, timesAndValues[i]));
            }
            series.add(one);
            return one;
        }

        byte[] body() {
            ProtobufWriter request = new ProtobufWriter();
            symbols.forEach(symbol -> request.text(4, symbol));
            series.forEach(one -> request.message(5, one));
            return snappy(request.toByteArray());
        }
    }

    static byte[] snappy(byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 64);
        out.writeBytes(new ProtobufWriter().varint(raw.length).toByteArray());
        for (int at = 0; at < raw.length; at += MAX_LITERAL) {
            int length = Math.min(MAX_LITERAL, raw.length - at);
            // A literal whose length less one stands in the next two bytes.
            out.write(61 << 2);
            out.write(length - 1);
            out.write((length - 1) >>> 8);
            out.write(raw, at, length);
        }
        return out.toByteArray();
    }
}
