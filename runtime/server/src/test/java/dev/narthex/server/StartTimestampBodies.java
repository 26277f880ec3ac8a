// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.wire.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a target shows scrape after scrape: random metrics with explicit timestamps and start timestamps, which are old, new,
 * the same as before, in the future, absent, or that of another sample.
 */
record StartTimestampBodies(String contentType, List<byte[]> bodies) {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private static final int SCRAPES = 5;
    /** Kinds of metrics: counter, summary, classic histogram; gauge; native histogram, one of floats. */
    private static final int KINDS = 6;

    private static final int SUMMARY = 1;
    private static final int HISTOGRAM = 2;

    /** @param baseMs about now */
    static StartTimestampBodies random(Random random, long baseMs) {
        boolean text = random.nextBoolean();
        int kind = random.nextInt(text ? 4 : KINDS);
        boolean createdFirst = random.nextBoolean();
        // Of these in OpenMetrics, Prometheus 3.15 sees the start timestamp of the first series only.
        boolean single = text && (createdFirst || kind == SUMMARY || kind == HISTOGRAM);
        List<Clock> clocks = new ArrayList<>();
        for (int i = single ? 1 : random.nextInt(1, 4); i > 0; i--) {
            clocks.add(new Clock(random, baseMs));
        }
        List<byte[]> bodies = new ArrayList<>();
        for (int scrape = 0; scrape < SCRAPES; scrape++) {
            clocks.forEach(Clock::next);
            // Old ones wait until the head has a time.
            boolean old = scrape > 1;
            bodies.add(
                    text
                            ? openMetrics(kind, clocks, old, createdFirst).getBytes(StandardCharsets.UTF_8)
                            : protobuf(kind, clocks, old));
        }
        return new StartTimestampBodies(text ? OPEN_METRICS : PROTOBUF, bodies);
    }

    /** The times and the value of a series. */
    private static final class Clock {
        private final Random random;
        private final boolean explicit;
        private long timeMs;
        private long formerMs;
        private long startMs;
        private int value;

        Clock(Random random, long baseMs) {
            this.random = random;
            timeMs = baseMs - 600_000 + random.nextInt(300_000);
            formerMs = timeMs - 10_000;
            startMs = timeMs - random.nextInt(200_000);
            explicit = random.nextInt(6) > 0;
        }

        void next() {
            if (random.nextInt(8) > 0) {
                formerMs = timeMs;
                timeMs += random.nextInt(1, 5) * 10_000L;
            }
            value += random.nextInt(5);
            switch (random.nextInt(9)) {
                case 0 -> startMs = timeMs;
                case 1 -> startMs = timeMs + 1;
                case 2 -> startMs = formerMs;
                case 3 -> startMs = formerMs + 1;
                case 4 -> startMs = 0;
                case 5 -> startMs = formerMs - random.nextInt(100_000);
                case 6 -> startMs = formerMs + (timeMs - formerMs) / 2;
                default -> {}
            }
        }

        long startMs(boolean old) {
            return old && value % 11 == 7 ? startMs - 86_400_000 : startMs;
        }
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%d.%03d", ms / 1000, ms % 1000);
    }

    private static String openMetrics(int kind, List<Clock> clocks, boolean old, boolean createdFirst) {
        StringBuilder out = new StringBuilder();
        String type = List.of("counter", "summary", "histogram", "gauge").get(kind);
        out.append("# TYPE m ").append(type).append('\n');
        for (int i = 0; i < clocks.size(); i++) {
            Clock clock = clocks.get(i);
            String labels = "i=\"" + i + "\"";
            String time = clock.explicit ? " " + seconds(clock.timeMs) : "";
            String created =
                    clock.startMs == 0 ? "" : "m_created{" + labels + "} " + seconds(clock.startMs(old)) + "\n";
            String lines = switch (kind) {
                case 0 -> "m_total{" + labels + "} " + clock.value + time + "\n";
                case SUMMARY ->
                    "m{" + labels + ",quantile=\"0.5\"} 1" + time + "\nm_count{" + labels + "} " + clock.value + time
                            + "\nm_sum{" + labels + "} 7" + time + "\n";
                case HISTOGRAM ->
                    "m_bucket{" + labels + ",le=\"1\"} 0" + time + "\nm_bucket{" + labels + ",le=\"+Inf\"} "
                            + clock.value + time + "\nm_count{" + labels + "} " + clock.value + time
                            + "\nm_sum{" + labels + "} 7" + time + "\n";
                default -> "m{" + labels + "} " + clock.value + time + "\n";
            };
            out.append(createdFirst ? created : "").append(lines).append(createdFirst ? "" : created);
        }
        return out.append("# EOF\n").toString();
    }

    private static byte[] protobuf(int kind, List<Clock> clocks, boolean old) {
        int type = List.of(0, 2, 4, 1, 4, 4).get(kind);
        ProtobufWriter family = new ProtobufWriter().text(1, "m").int64(3, type);
        for (int i = 0; i < clocks.size(); i++) {
            Clock clock = clocks.get(i);
            ProtobufWriter metric = new ProtobufWriter()
                    .message(1, new ProtobufWriter().text(1, "i").text(2, Integer.toString(i)));
            switch (kind) {
                case 0 -> metric.message(3, created(new ProtobufWriter().float64(1, clock.value), 3, clock, old));
                case 1 ->
                    metric.message(
                            4,
                            created(
                                    new ProtobufWriter()
                                            .int64(1, clock.value)
                                            .float64(2, 7)
                                            .message(
                                                    3,
                                                    new ProtobufWriter()
                                                            .float64(1, 0.5)
                                                            .float64(2, 1)),
                                    4,
                                    clock,
                                    old));
                case 2 ->
                    metric.message(
                            7,
                            created(
                                    new ProtobufWriter()
                                            .int64(1, clock.value)
                                            .float64(2, 7)
                                            .message(
                                                    3,
                                                    new ProtobufWriter()
                                                            .int64(1, clock.value)
                                                            .float64(2, 1)),
                                    15,
                                    clock,
                                    old));
                case 3 -> metric.message(2, new ProtobufWriter().float64(1, clock.value));
                case 4 -> metric.message(7, created(integers(clock), 15, clock, old));
                default -> metric.message(7, created(floats(clock), 15, clock, old));
            }
            if (clock.explicit) {
                metric.int64(6, clock.timeMs);
            }
            family.message(4, metric);
        }
        byte[] message = family.toByteArray();
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.writeBytes(new ProtobufWriter().varint(message.length).toByteArray());
        framed.writeBytes(message);
        return framed.toByteArray();
    }

    private static ProtobufWriter created(ProtobufWriter of, int field, Clock clock, boolean old) {
        long startMs = clock.startMs(old);
        return clock.startMs == 0
                ? of
                : of.message(
                        field, new ProtobufWriter().int64(1, startMs / 1000).int64(2, startMs % 1000 * 1_000_000));
    }

    private static ProtobufWriter integers(Clock clock) {
        return new ProtobufWriter()
                .int64(1, clock.value)
                .float64(2, 7)
                .sint64(5, 1)
                .float64(6, 0.001)
                .message(12, new ProtobufWriter().sint64(1, 2).int64(2, 1))
                .sint64(13, clock.value);
    }

    private static ProtobufWriter floats(Clock clock) {
        return new ProtobufWriter()
                .float64(4, clock.value + 0.5)
                .float64(2, 7)
                .sint64(5, 0)
                .float64(6, 0.001)
                .message(12, new ProtobufWriter().sint64(1, 2).int64(2, 1))
                .float64(14, clock.value + 0.5);
    }
}
