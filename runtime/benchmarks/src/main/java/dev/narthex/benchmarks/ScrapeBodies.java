// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Expositions of one counter family with a series for each of some methods, paths and codes. */
final class ScrapeBodies {
    private static final int TYPE_COUNTER = 0;

    private ScrapeBodies() {}

    /** What a target answers that is asked again and again: as many bodies as it says in turns. */
    static byte[][] of(String format, String series, int lines) {
        byte[][] bodies = new byte[3][];
        for (int number = 0; number < bodies.length; number++) {
            bodies[number] = switch (format) {
                case "text" -> text(series, lines, number, "http_requests_total", "");
                case "openmetrics" -> text(series, lines, number, "http_requests", "# EOF\n");
                case "protobuf" -> protobuf(series, lines, number);
                default -> throw new IllegalArgumentException("format: text, openmetrics or protobuf, found " + format);
            };
        }
        return bodies;
    }

    /** The header field of a format. */
    static String contentType(String format) {
        return switch (format) {
            case "openmetrics" -> "application/openmetrics-text; version=1.0.0; charset=utf-8";
            case "protobuf" ->
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
            default -> "text/plain; version=0.0.4; charset=utf-8";
        };
    }

    /** Which series stands in a line. */
    private static int seriesAt(int line, String series, int lines, int number) {
        return switch (series) {
            case "in place" -> line;
            // No two lines that follow each other do so in the body before.
            case "moved" -> number % 2 == 0 ? line : lines - 1 - line;
            case "new" -> number * lines + line;
            default -> throw new IllegalArgumentException("series: in place, moved or new, found " + series);
        };
    }

    private static String path(int series) {
        return "/api/v1/item/" + series / 10;
    }

    private static String code(int series) {
        return "20" + series % 10;
    }

    private static long value(int series, int number) {
        return 1000L * series + 17L * number;
    }

    private static byte[] text(String series, int lines, int number, String family, String end) {
        StringBuilder text = new StringBuilder("# HELP ").append(family).append(" Requests.\n");
        text.append("# TYPE ").append(family).append(" counter\n");
        for (int line = 0; line < lines; line++) {
            int one = seriesAt(line, series, lines, number);
            text.append("http_requests_total{method=\"GET\",path=\"")
                    .append(path(one))
                    .append("\",handler=\"/api/v1/item/:id\",code=\"")
                    .append(code(one))
                    .append("\"} ")
                    .append(value(one, number))
                    .append('\n');
        }
        return text.append(end).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] protobuf(String series, int lines, int number) {
        ByteArrayOutputStream family = new ByteArrayOutputStream();
        string(family, 1, "http_requests_total");
        string(family, 2, "Requests.");
        varint(family, 3 << 3);
        varint(family, TYPE_COUNTER);
        for (int line = 0; line < lines; line++) {
            int one = seriesAt(line, series, lines, number);
            ByteArrayOutputStream metric = new ByteArrayOutputStream();
            label(metric, "method", "GET");
            label(metric, "path", path(one));
            label(metric, "handler", "/api/v1/item/:id");
            label(metric, "code", code(one));
            ByteArrayOutputStream counter = new ByteArrayOutputStream();
            varint(counter, (1 << 3) | 1);
            counter.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble((double) value(one, number))
                    .array());
            bytes(metric, 3, counter.toByteArray());
            bytes(family, 4, metric.toByteArray());
        }
        ByteArrayOutputStream delimited = new ByteArrayOutputStream();
        varint(delimited, family.size());
        delimited.writeBytes(family.toByteArray());
        return delimited.toByteArray();
    }

    private static void label(ByteArrayOutputStream metric, String name, String value) {
        ByteArrayOutputStream pair = new ByteArrayOutputStream();
        string(pair, 1, name);
        string(pair, 2, value);
        bytes(metric, 1, pair.toByteArray());
    }

    private static void string(ByteArrayOutputStream out, int field, String value) {
        bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, (field << 3) | 2);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
