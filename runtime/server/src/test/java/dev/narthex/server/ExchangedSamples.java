// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.StalenessMarker;
import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random remote write 2.0 requests with all that a data directory can hold: floats, native histograms of each kind, late
 * samples, staleness markers, exemplars, metadata, series that come and go, names in UTF-8. No two samples of a series have
 * the same time.
 */
final class ExchangedSamples {
    static final long STEP_MS = 15_000;
    /** A late sample is less than so much older than the others. */
    static final long LATE_MS = 1_800_000;

    private static final int EACH = 4;
    /** Steps of a request. */
    private static final int IN_REQUEST = 20;

    private final Random random;
    private final boolean all;
    private final Map<String, Integer> symbols = new LinkedHashMap<>();
    private final List<ProtobufWriter> series = new ArrayList<>();
    private final long[] counts = new long[EACH];
    private int round;

    /**
     * @param all or else without what Prometheus 3.5.3 loses or mixes up by itself: samples in order, at a start after two
     *     blocks of late samples have been merged, whose block counts as one of samples in order then; the buckets of a
     *     histogram that brings one and lacks an empty one that its chunk has
     */
    ExchangedSamples(Random random, boolean all) {
        this.random = random;
        this.all = all;
    }

    /** The requests of so many steps, from a time on. */
    List<HttpRequest.BodyPublisher> round(long fromMs, int steps) {
        List<HttpRequest.BodyPublisher> requests = new ArrayList<>();
        round++;
        for (int step = 0; step < steps; step++) {
            step(fromMs + step * STEP_MS, step, steps);
            if (step % IN_REQUEST == IN_REQUEST - 1 || step == steps - 1) {
                requests.add(take());
            }
        }
        return requests;
    }

    private void step(long t, int step, int steps) {
        for (int i = 0; i < EACH; i++) {
            counts[i] = random.nextInt(50) == 0 ? random.nextInt(3) : counts[i] + random.nextInt(5);
            String id = Integer.toString(i);
            boolean stale = random.nextInt(40) == 0;
            ProtobufWriter counter =
                    series("requests_total", "i", id).message(2, sample(t, stale ? StalenessMarker.VALUE : counts[i]));
            if (random.nextInt(10) == 0) {
                ProtobufWriter refs = new ProtobufWriter();
                refs.varint(symbol("trace_id")).varint(symbol("t" + random.nextInt(1000)));
                counter.message(
                        4, new ProtobufWriter().message(1, refs).float64(2, i).int64(3, t));
            }
            counter.message(
                    5,
                    new ProtobufWriter()
                            .int64(1, 1)
                            .int64(3, symbol("How many."))
                            .int64(4, symbol("")));
            series("температура.été", "ключ с пробелом", "é" + id).message(2, sample(t, odd()));
            series("churn", "round", round + "-" + i)
                    .message(2, sample(t, step == steps - 1 ? StalenessMarker.VALUE : step));
            series("dropped", "i", id).message(2, sample(t, step));
            series("late", "i", id).message(2, sample(t, step));
            if (random.nextInt(3) == 0) {
                long lateMs = t - 1 - STEP_MS * random.nextLong(1, LATE_MS / STEP_MS) - step;
                series("late_only", "i", id + "-" + step).message(2, sample(lateMs, step));
                series("late_histograms", "i", id + "-" + step).message(3, integers(lateMs, i, stale));
            }
            series("seconds", "i", id).message(3, integers(t, i, stale));
            series("float_seconds", "i", id).message(3, floats(t, i, stale));
            series("custom_seconds", "i", id).message(3, custom(t, i, stale));
            series("gauge_seconds", "i", id)
                    .message(3, integers(t, random.nextInt(EACH), stale).int64(14, 3));
            // Floats and histograms in turn. Of one request, 3.5.3 takes the floats first, and then the histograms
            // late.
            ProtobufWriter mixed = series("mixed", "i", id);
            if (step / (all ? 7 : IN_REQUEST) % 2 == 0) {
                mixed.message(2, sample(t, step));
            } else {
                mixed.message(3, integers(t, i, stale));
            }
        }
        // Late in a series that has others in order.
        if (all && step > 0 && step % 5 == 0) {
            series("late", "i", "0").message(2, sample(t - STEP_MS * 4 - 1, -step));
        }
    }

    private double odd() {
        return switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> -0.0;
            case 3 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(1000) / 8.0;
        };
    }

    private static ProtobufWriter sample(long timestampMs, double value) {
        return new ProtobufWriter().float64(1, value).int64(2, timestampMs);
    }

    private ProtobufWriter integers(long timestampMs, int i, boolean stale) {
        long least = all ? 0 : 1;
        long first = counts[i] + least;
        long second = counts[i] / 2 + least;
        return new ProtobufWriter()
                .int64(1, first + second + 1)
                .float64(3, stale ? StalenessMarker.VALUE : 0.5 * counts[i])
                .sint64(4, 2)
                .float64(5, 0.001)
                .int64(6, 1)
                .message(11, new ProtobufWriter().sint64(1, i).int64(2, 1))
                .message(11, new ProtobufWriter().sint64(1, counts[i] % 3 + 1).int64(2, 1))
                .message(12, new ProtobufWriter().zigzag(first).zigzag(second - first))
                .int64(15, timestampMs);
    }

    private ProtobufWriter floats(long timestampMs, int i, boolean stale) {
        double count = counts[i] + 0.25;
        ProtobufWriter buckets =
                new ProtobufWriter().fixed64(Double.doubleToRawLongBits(count)).fixed64(Double.doubleToRawLongBits(1));
        return new ProtobufWriter()
                .float64(2, count + 1)
                .float64(3, stale ? StalenessMarker.VALUE : count)
                .sint64(4, 0)
                .float64(5, 0.001)
                .float64(7, 0)
                .message(8, new ProtobufWriter().sint64(1, -1).int64(2, 2))
                .message(10, buckets)
                .int64(15, timestampMs);
    }

    private ProtobufWriter custom(long timestampMs, int i, boolean stale) {
        ProtobufWriter bounds = new ProtobufWriter();
        for (double bound : new double[] {0.1, 1, 10}) {
            bounds.fixed64(Double.doubleToRawLongBits(bound));
        }
        return new ProtobufWriter()
                .int64(1, counts[i] + 2)
                .float64(3, stale ? StalenessMarker.VALUE : counts[i])
                .sint64(4, -53)
                .message(11, new ProtobufWriter().sint64(1, 0).int64(2, 3))
                .message(
                        12, new ProtobufWriter().zigzag(1).zigzag(counts[i] - 1).zigzag(1 - counts[i]))
                .int64(15, timestampMs)
                .message(16, bounds);
    }

    private ProtobufWriter series(String name, String label, String value) {
        ProtobufWriter refs = new ProtobufWriter();
        List<List<String>> pairs = new ArrayList<>(List.of(List.of("__name__", name), List.of(label, value)));
        pairs.sort((one, other) -> Arrays.compareUnsigned(utf8(one.getFirst()), utf8(other.getFirst())));
        for (List<String> pair : pairs) {
            refs.varint(symbol(pair.getFirst())).varint(symbol(pair.getLast()));
        }
        ProtobufWriter one = new ProtobufWriter().message(1, refs);
        series.add(one);
        return one;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int symbol(String text) {
        if (symbols.isEmpty()) {
            symbols.put("", 0);
        }
        return symbols.computeIfAbsent(text, _ -> symbols.size());
    }

    private HttpRequest.BodyPublisher take() {
        ProtobufWriter request = new ProtobufWriter();
        symbols.keySet().forEach(symbol -> request.text(4, symbol));
        series.forEach(one -> request.message(5, one));
        symbols.clear();
        series.clear();
        byte[] plain = request.toByteArray();
        byte[] block = new byte[SnappyCompressor.maxLength(plain.length)];
        int length = new SnappyCompressor().compress(plain, 0, plain.length, block, 0);
        return HttpRequest.BodyPublishers.ofByteArray(Arrays.copyOf(block, length));
    }
}
