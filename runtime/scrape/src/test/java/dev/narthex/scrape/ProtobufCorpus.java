// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ProtobufParser;
import dev.narthex.model.NativeHistogram;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random protobuf expositions, whole and damaged. */
final class ProtobufCorpus {
    private static final int COUNTER = 0;
    private static final int SUMMARY = 2;
    private static final int HISTOGRAM = 4;
    private static final int GAUGE_HISTOGRAM = 5;
    private static final double[] VALUES = {
        0, 1, -1, 0.5, 1e22, 1e-7, 123456789, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0
    };
    private static final double[] BOUNDS = {-1, 0, 0.005, 0.1, 1, 2.5, 10, 100000, 1e22};
    private static final double NARROW = 1e-200;
    private static final String[] NAMES = {"a", "b_total", "c_seconds", "d.e", "f g", "h\"i", "j\\k", "\u00e9", "up"};

    private ProtobufCorpus() {}

    static List<byte[]> bodies(Random random, int count, long nowSeconds) {
        List<byte[]> bodies = new ArrayList<>();
        while (bodies.size() < count) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = random.nextInt(4); i >= 0; i--) {
                out.writeBytes(family(random, nowSeconds));
            }
            byte[] body = out.toByteArray();
            if (random.nextInt(3) > 0) {
                body = damage(body, random);
            }
            if (isSafe(body)) {
                bodies.add(body);
            }
        }
        return bodies;
    }

    /**
     * Whether a real Prometheus can answer queries after the body as it was: those for unknown schemas make 3.5 panic, and
     * buckets that the zero bucket covers are shown with other bounds.
     */
    private static boolean isSafe(byte[] body) {
        ProtobufParser parser = new ProtobufParser();
        parser.histograms(true, true);
        parser.reset(body, 0, body.length);
        try {
            while (parser.next() != ExpositionEntry.END) {
                NativeHistogram histogram = parser.histogram();
                if (histogram != null
                        && (histogram.layout().hasCustomBuckets()
                                || !(Math.abs(histogram.layout().zeroThreshold()) <= NARROW))) {
                    return false;
                }
            }
            return true;
        } catch (ExpositionException e) {
            return !String.valueOf(e.getMessage()).contains("schema");
        }
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] body = whole.clone();
        for (int i = random.nextInt(3); i >= 0 && body.length > 0; i--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> body[at] = (byte) random.nextInt(256);
                case 2 -> body = Arrays.copyOf(body, at);
                default -> {
                    byte[] shorter = new byte[body.length - 1];
                    System.arraycopy(body, 0, shorter, 0, at);
                    System.arraycopy(body, at + 1, shorter, at, shorter.length - at);
                    body = shorter;
                }
            }
        }
        return body;
    }

    private static double value(Random random) {
        return random.nextBoolean() ? random.nextInt(1000) / 4.0 : VALUES[random.nextInt(VALUES.length)];
    }

    private static byte[] family(Random random, long nowSeconds) {
        int type = random.nextInt(6);
        // Of each type a name of its own: which of a float and a histogram wins is the storage's matter.
        MetricFamilyBytes family = new MetricFamilyBytes().text(1, NAMES[random.nextInt(NAMES.length)] + type);
        if (random.nextBoolean()) {
            family.text(2, "help \"x\"\\ \n y" + random.nextInt(3));
        }
        if (type > 0 || random.nextBoolean()) {
            family.varint(3, type);
        }
        int metrics = random.nextInt(4);
        for (int i = 0; i < metrics; i++) {
            MetricFamilyBytes metric = new MetricFamilyBytes().label("i", Integer.toString(i));
            for (int l = random.nextInt(3); l > 0; l--) {
                metric.label("l" + l + (random.nextInt(4) == 0 ? ".x" : ""), random.nextInt(4) == 0 ? "" : "v\"\\\n");
            }
            metric(metric, type, random, nowSeconds);
            if (random.nextInt(6) == 0) {
                metric.varint(6, nowSeconds * 1000 - random.nextInt(5000));
            }
            family.message(4, metric);
        }
        return family.delimited();
    }

    private static void metric(MetricFamilyBytes metric, int type, Random random, long nowSeconds) {
        switch (type) {
            case COUNTER -> {
                MetricFamilyBytes counter = new MetricFamilyBytes().fixed(1, value(random));
                if (random.nextInt(3) == 0) {
                    counter.message(2, exemplar(random, nowSeconds));
                    counter.timestamp(3, nowSeconds - 100, 5_000_000);
                }
                metric.message(3, counter);
            }
            case SUMMARY -> {
                MetricFamilyBytes summary = new MetricFamilyBytes().varint(1, random.nextInt(100));
                summary.fixed(2, value(random));
                for (int i = random.nextInt(4); i > 0; i--) {
                    summary.message(3, new MetricFamilyBytes().fixed(1, 1.0 / i).fixed(2, value(random)));
                }
                metric.message(4, summary);
            }
            case HISTOGRAM, GAUGE_HISTOGRAM -> metric.message(7, histogram(random, nowSeconds));
            default -> metric.message(type == 1 ? 2 : 5, new MetricFamilyBytes().fixed(1, value(random)));
        }
    }

    private static MetricFamilyBytes exemplar(Random random, long nowSeconds) {
        MetricFamilyBytes exemplar = new MetricFamilyBytes()
                .label("trace", Integer.toString(random.nextInt(random.nextBoolean() ? 100 : 3)))
                .fixed(2, value(random));
        if (random.nextInt(8) == 0) {
            exemplar.label(random.nextBoolean() ? "trace" : "span", Integer.toString(random.nextInt(3)));
        }
        return random.nextBoolean() ? exemplar : exemplar.timestamp(3, nowSeconds - random.nextInt(9), 1_999_999);
    }

    private static MetricFamilyBytes histogram(Random random, long nowSeconds) {
        MetricFamilyBytes histogram = new MetricFamilyBytes();
        boolean floats = random.nextInt(3) == 0;
        boolean asNative = random.nextBoolean();
        boolean rich = random.nextInt(3) == 0;
        long count = 0;
        MetricFamilyBytes buckets = new MetricFamilyBytes();
        if (asNative) {
            count += nativeBuckets(buckets, floats, random);
            buckets.zigzag(5, random.nextInt(13) - 4);
            // Not so wide that it covers buckets, whose bounds a query would then cut.
            buckets.fixed(6, random.nextBoolean() ? 0 : 1e-300);
            if (floats) {
                buckets.fixed(8, count == 0 ? 0 : 0.5);
            }
        }
        if (!asNative || random.nextBoolean()) {
            long cumulative = 0;
            for (double bound : BOUNDS) {
                if (random.nextBoolean()) {
                    cumulative += random.nextInt(3);
                    MetricFamilyBytes bucket =
                            new MetricFamilyBytes().varint(1, cumulative).fixed(2, bound);
                    for (int i = rich && random.nextInt(8) == 0 ? 2 : 1; i > 0; i--) {
                        if (random.nextInt(4) == 0 != rich) {
                            bucket.message(3, exemplar(random, nowSeconds));
                        }
                    }
                    if (floats) {
                        bucket.fixed(4, cumulative + 0.5);
                    }
                    buckets.message(3, bucket);
                }
            }
            if (!asNative) {
                count = cumulative;
            }
            if (random.nextBoolean()) {
                buckets.message(3, new MetricFamilyBytes().varint(1, count).fixed(2, Double.POSITIVE_INFINITY));
            }
        }
        // Now and then one that does not add up.
        histogram.varint(1, random.nextInt(8) == 0 ? count + 1 : count).fixed(2, value(random));
        if (floats) {
            histogram.fixed(4, count + 0.5);
        }
        for (int i = rich ? random.nextInt(4) : 0; i > 0; i--) {
            buckets.message(16, exemplar(random, nowSeconds));
        }
        return histogram.append(buckets);
    }

    /** Gives how many observations the buckets hold. */
    private static long nativeBuckets(MetricFamilyBytes into, boolean floats, Random random) {
        long held = 0;
        for (int spanField : new int[] {12, 9}) {
            long before = 0;
            for (int span = random.nextInt(3); span > 0; span--) {
                int length = random.nextInt(3);
                into.span(spanField, span == 2 ? random.nextInt(20) - 10 : random.nextInt(5), length);
                for (int i = 0; i < length; i++) {
                    long bucket = random.nextInt(6);
                    if (floats) {
                        into.fixed(spanField + 2, bucket + 0.25);
                    } else {
                        into.zigzag(spanField + 1, bucket - before);
                    }
                    before = bucket;
                    held += bucket;
                }
            }
        }
        long zero = random.nextInt(3);
        into.varint(7, zero);
        return held + zero;
    }
}
