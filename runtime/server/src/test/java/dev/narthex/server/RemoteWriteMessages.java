// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.wire.ProtobufWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random remote write requests of both versions: good, odd and damaged ones, on a few series that they share. */
final class RemoteWriteMessages {
    private static final String V1 = "application/x-protobuf";
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    private static final List<String> TYPES = List.of(
            "application/x-protobuf;proto=prometheus.WriteRequest",
            "application/x-protobuf;proto=io.prometheus.write.v2.Request;x=y",
            "application/x-protobuf;x=y",
            "APPLICATION/X-PROTOBUF",
            "application/x-protobuf;proto=PROMETHEUS.WriteRequest",
            "application/x-protobuf;PROTO=prometheus.WriteRequest",
            "application/x-protobuf;proto=\"prometheus.WriteRequest\"",
            "application/x-protobuf;proto=",
            "application/x-protobuf;",
            "application/x-protobuf;proto=io.prometheus.write.v3.Request",
            "application/x-protobuf;proto=a;proto=b",
            "application/protobuf",
            "text/plain",
            "",
            ";",
            " application/x-protobuf ",
            "application/x-protobuf, text/plain");

    private static final List<String> ENCODINGS =
            List.of("snappy", "SNAPPY", "gzip", "identity", "zstd", "snappy,gzip", "");

    private static final List<Long> OFFSETS_MS = List.of(
            -18_000_000L,
            -7_300_000L,
            -3_500_000L,
            -60_000L,
            -5_000L,
            -4_000L,
            -3_000L,
            -2_000L,
            -1_000L,
            -1L,
            0L,
            0L,
            1L,
            1_000L,
            2_000L,
            3_000L,
            60_000L,
            7_200_000L);

    private static final double[] VALUES = {
        0, 1, 1, 2, -0.0, Double.NaN, Double.POSITIVE_INFINITY, 1e308, Double.longBitsToDouble(0x7ff0000000000002L)
    };

    /** What becomes of exemplars depends on more than the request. */
    private static final boolean EXEMPLARS = Boolean.getBoolean("remote.exemplars");

    private final Random random;
    private final long nowMs;
    private final List<String> symbols = new ArrayList<>();
    private long faults;

    RemoteWriteMessages(Random random, long nowMs) {
        this.random = random;
        this.nowMs = nowMs;
    }

    /** @param what for people: which odd things are in it */
    @SuppressWarnings("ArrayRecordComponent") // it is sent, never compared
    record Message(Map<String, String> headers, byte[] body, String what) {
        @Override
        public String toString() {
            return headers + " " + what + " " + body.length + " bytes";
        }
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** The first, which makes a head in each. */
    Message first() {
        ProtobufWriter series =
                RemoteWriteBody.series(List.of("__name__", "first")).message(2, RemoteWriteBody.sample(nowMs, 1));
        return new Message(
                Map.of("Content-Type", V1, "Content-Encoding", "snappy"),
                RemoteWriteBody.compressed(
                        new ProtobufWriter().message(1, series).toByteArray()),
                "first");
    }

    Message next() {
        StringBuilder what = new StringBuilder();
        boolean second = one(2);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", second ? V2 : V1);
        headers.put("Content-Encoding", "snappy");
        if (one(15)) {
            headers.put("Content-Type", oneOf(TYPES));
        }
        if (one(25)) {
            headers.put("Content-Encoding", oneOf(ENCODINGS));
        }
        if (one(3)) {
            headers.put("X-Prometheus-Remote-Write-Version", oneOf(List.of("0.1.0", "2.0.0", "x")));
        }
        headers.values().removeIf(String::isEmpty);
        ProtobufWriter request = second ? second(what) : first(what);
        return new Message(headers, damaged(request.toByteArray(), what), what.toString());
    }

    private byte[] damaged(byte[] message, StringBuilder what) {
        byte[] raw = message;
        if (one(20) && raw.length > 0) {
            what.append(" cut");
            raw = Arrays.copyOf(raw, random.nextInt(raw.length));
        } else if (one(20) && raw.length > 0) {
            int at = random.nextInt(raw.length);
            what.append(" damaged at ").append(at);
            raw = raw.clone();
            raw[at] = (byte) random.nextInt(256);
        }
        byte[] body = RemoteWriteBody.compressed(raw);
        if (one(40)) {
            what.append(" bad snappy");
            return one(2) ? raw : Arrays.copyOf(body, random.nextInt(body.length));
        }
        return body;
    }

    private List<String> labels(StringBuilder what) {
        List<String> labels = new ArrayList<>(List.of("__name__", oneOf(List.of("a", "b", "c", "d", "e_total"))));
        if (one(2)) {
            labels.addAll(List.of("x", oneOf(List.of("1", "2"))));
        }
        if (one(10)) {
            what.append(" odd labels");
            switch (random.nextInt(11)) {
                case 0 -> labels.clear();
                case 1 -> labels.subList(0, 2).clear();
                case 2 -> labels.addAll(List.of("x", "3"));
                case 3 -> labels.addAll(List.of("", "v"));
                case 4 -> labels.addAll(List.of("z", ""));
                case 5 -> labels.addAll(0, List.of("y", "1"));
                case 6 -> labels.set(1, "");
                case 7 -> labels.set(1, "é{}\"\n");
                case 8 -> labels.addAll(List.of("a b", "\u0000"));
                case 9 -> labels.addAll(List.of("__name__", "a"));
                default -> labels.addAll(List.of("bad", "\ud800"));
            }
        }
        return labels;
    }

    private long time() {
        return one(60) ? oneOf(List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE)) : nowMs + oneOf(OFFSETS_MS);
    }

    private double value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private int count(int common) {
        return one(6) ? random.nextInt(4) : common;
    }

    /** As text, but for a half of a pair, which stands for bytes that are no UTF-8. */
    private static ProtobufWriter text(ProtobufWriter into, int field, String text) {
        byte[] bytes = text.equals("\ud800") ? new byte[] {(byte) 0xff, 'x'} : text.getBytes(StandardCharsets.UTF_8);
        return into.bytes(field, bytes, 0, bytes.length);
    }

    private ProtobufWriter first(StringBuilder what) {
        ProtobufWriter request = new ProtobufWriter();
        for (int i = count(2); i > 0; i--) {
            ProtobufWriter series = new ProtobufWriter();
            List<String> labels = labels(what);
            for (int k = 0; k < labels.size(); k += 2) {
                series.message(1, text(text(new ProtobufWriter(), 1, labels.get(k)), 2, labels.get(k + 1)));
            }
            boolean histograms = one(4);
            for (int k = histograms && !one(6) ? 0 : count(1); k > 0; k--) {
                series.message(2, RemoteWriteBody.sample(time(), value()));
            }
            for (int k = histograms ? count(1) : 0; k > 0; k--) {
                series.message(4, histogram(what));
            }
            for (int k = EXEMPLARS && one(4) ? count(1) : 0; k > 0; k--) {
                ProtobufWriter exemplar = new ProtobufWriter();
                for (int l = count(1); l > 0; l--) {
                    exemplar.message(1, text(text(new ProtobufWriter(), 1, exemplarName()), 2, exemplarValue(what)));
                }
                series.message(3, exemplar.float64(2, value()).int64(3, time()));
            }
            request.message(1, series);
        }
        if (one(8)) {
            request.message(3, new ProtobufWriter().int64(1, 1).text(2, "a").text(4, "help"));
        }
        return request;
    }

    private String exemplarName() {
        return oneOf(List.of("trace", "trace", "span"));
    }

    private String exemplarValue(StringBuilder what) {
        if (one(8)) {
            what.append(" long exemplar");
            return "x".repeat(130);
        }
        return oneOf(List.of("1", "2", "é"));
    }

    private long ref(String text) {
        int at = symbols.indexOf(text);
        if (at < 0) {
            symbols.add(text);
            return symbols.size() - 1L;
        }
        return at;
    }

    private ProtobufWriter second(StringBuilder what) {
        symbols.clear();
        symbols.add("");
        List<ProtobufWriter> all = new ArrayList<>();
        for (int i = count(2); i > 0; i--) {
            ProtobufWriter refs = new ProtobufWriter();
            labels(what).forEach(text -> refs.varint(ref(text)));
            if (one(40)) {
                what.append(" odd refs");
                refs.varint(one(2) ? 0 : 99);
            }
            ProtobufWriter series = new ProtobufWriter().message(1, refs);
            boolean histograms = one(4);
            for (int k = histograms && !one(6) ? 0 : count(1); k > 0; k--) {
                series.message(2, RemoteWriteBody.sample(time(), value()));
            }
            for (int k = histograms ? count(1) : 0; k > 0; k--) {
                series.message(3, histogram(what));
            }
            for (int k = EXEMPLARS && one(4) ? count(1) : 0; k > 0; k--) {
                ProtobufWriter of = new ProtobufWriter();
                for (int l = count(1); l > 0; l--) {
                    of.varint(ref(exemplarName())).varint(ref(exemplarValue(what)));
                }
                if (one(20)) {
                    what.append(" odd exemplar refs");
                    of.varint(one(2) ? 0 : 99);
                }
                series.message(
                        4,
                        new ProtobufWriter().message(1, of).float64(2, value()).int64(3, time()));
            }
            if (one(3)) {
                series.message(
                        5,
                        new ProtobufWriter()
                                .int64(1, random.nextInt(10))
                                .int64(3, one(20) ? 99 : ref("help"))
                                .int64(4, one(20) ? 99 : ref("unit")));
            }
            if (one(8)) {
                series.int64(6, time());
            }
            all.add(series);
        }
        ProtobufWriter request = new ProtobufWriter();
        if (one(60)) {
            what.append(" first symbol");
            symbols.set(0, "x");
        }
        symbols.forEach(symbol -> text(request, 4, symbol));
        all.forEach(series -> request.message(5, series));
        return request;
    }

    /** A histogram with buckets of 2 and 3 observations, and perhaps a fault. */
    private ProtobufWriter histogram(StringBuilder what) {
        boolean floats = one(3);
        boolean custom = one(4);
        int fault = one(3) ? random.nextInt(14) : -1;
        if (fault >= 0) {
            what.append(floats ? " float" : "")
                    .append(custom ? " custom" : "")
                    .append(" histogram fault ")
                    .append(fault);
        }
        int grown = random.nextInt(3);
        ProtobufWriter histogram = new ProtobufWriter();
        double all = 6.0 + grown + (fault == 0 ? 1 : 0);
        if (floats) {
            histogram.float64(2, fault == 1 ? Double.NaN : all);
        } else {
            histogram.int64(1, (long) all);
        }
        histogram.float64(3, fault == 2 ? Double.NaN : fault == 3 ? Double.longBitsToDouble(0x7ff0000000000002L) : 7);
        histogram.sint64(
                4, custom ? -53 : fault == 4 ? oneOf(List.of(9, 52, -5, -9, 127, -128, -54)) : oneOf(List.of(0, 3)));
        if (!custom || fault == 5) {
            histogram.float64(5, custom ? 0 : fault == 6 ? -1 : 0.001);
            if (floats) {
                histogram.float64(7, 1);
            } else {
                histogram.int64(6, 1);
            }
        }
        int side = fault == 7 ? 8 : 11;
        histogram.message(
                side, new ProtobufWriter().sint64(1, fault == 8 ? -1 : 0).int64(2, fault == 9 ? 3 : 2));
        double first = (custom && fault != 5 ? 3 : 2) + grown;
        double next = fault == 10 ? -3 : 3;
        if (floats) {
            histogram.message(
                    side + 2,
                    new ProtobufWriter()
                            .fixed64(Double.doubleToRawLongBits(first))
                            .fixed64(Double.doubleToRawLongBits(next)));
        } else {
            histogram.message(
                    side + 1, new ProtobufWriter().zigzag((long) first).zigzag((long) (next - first)));
        }
        if (one(4)) {
            histogram.int64(14, random.nextInt(5));
        }
        // Which fault of several is named is of each program.
        histogram.int64(15, fault < 0 ? time() : nowMs + 300_000 + ++faults);
        if (custom || fault == 11) {
            ProtobufWriter bounds = new ProtobufWriter();
            for (double bound :
                    fault == 12 ? new double[] {2, 1} : fault == 13 ? new double[] {1} : new double[] {1, 2}) {
                bounds.fixed64(Double.doubleToRawLongBits(bound));
            }
            histogram.message(16, bounds);
        }
        return histogram;
    }
}
