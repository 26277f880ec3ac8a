// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.promqltest.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * Native histograms as they come in life: counters with resets, gauges, changes of schema, zero bucket and custom bounds
 * in the midst of a series, observations that are not a number, floats between histograms, gaps and ends.
 */
final class RandomHistograms {
    private static final double[][] BOUNDS = {{1, 2, 5}, {1, 2, 5, 10}, {2, 5}, {-1, 0, 2}, {0.5}};

    /** Few series of a metric turn, so that most sums of them have a result. */
    private static final int SELDOM = 6000;

    private static final int OFTEN = 150;

    private static final double[] THRESHOLDS = {0.001, 0.5, 0.3};

    /** Within buckets of many resolutions, on their bounds, and none at all. */
    private static final double[] MORE_THRESHOLDS = {0, 0.001, 0.25, 0.3, 0.5, 1, 1.2, 2};

    private final Random random;
    private final MemoryStorage storage;

    RandomHistograms(Random random, MemoryStorage storage) {
        this.random = random;
        this.storage = storage;
    }

    void generate() {
        for (String job : new String[] {"api", "web"}) {
            for (int instance = 0; instance < 3; instance++) {
                String name = "i" + instance;
                new Series(false, false, 0, SELDOM)
                        .fill(Labels.of("__name__", "duration", "job", job, "instance", name));
                new Series(false, true, 0, SELDOM).fill(Labels.of("__name__", "size", "job", job, "instance", name));
                new Series(true, false, 0, SELDOM).fill(Labels.of("__name__", "level", "job", job, "instance", name));
            }
            new Series(false, false, 40, OFTEN).fill(Labels.of("__name__", "mixed", "job", job, "instance", "i0"));
            new Series(false, true, 0, OFTEN).fill(Labels.of("__name__", "mixed", "job", job, "instance", "i1"));
            new Series(random.nextBoolean(), false, 0, OFTEN)
                    .fill(Labels.of("__name__", "mixed", "job", job, "instance", "i2"));
            for (int instance = 0; instance < 2; instance++) {
                Series changing = new Series(random.nextBoolean(), false, 0, SELDOM);
                changing.changesOneIn = 5;
                changing.thresholds = MORE_THRESHOLDS;
                changing.fill(Labels.of("__name__", "changing", "job", job, "instance", "i" + instance));
            }
        }
    }

    /** A series while it is made: the counts of its buckets by index. */
    private final class Series {
        private final boolean gauge;
        private final boolean whole = random.nextBoolean();
        private final long intervalMs = new long[] {15_000, 30_000, 60_000}[random.nextInt(3)];
        private final int floatsOneIn;
        private final int turnsOneIn;
        private int changesOneIn = 120;
        private double[] thresholds = THRESHOLDS;
        private boolean custom;
        private int schema = random.nextInt(3);
        private double zeroThreshold = random.nextBoolean() ? 0.001 : 0.5;
        private double[] bounds = BOUNDS[random.nextInt(BOUNDS.length)];
        private final NavigableMap<Integer, Long> positive = new TreeMap<>();
        private final NavigableMap<Integer, Long> negative = new TreeMap<>();
        private final boolean withNegative = random.nextInt(3) == 0;
        private long zeroCount;
        private long notNumbers;
        private double sum;

        /**
         * Makes a series.
         *
         * @param floatsOneIn one of how many samples is a float, 0 for none
         * @param turnsOneIn from one of how many samples on it has custom buckets in place of exponential ones, or back
         */
        Series(boolean gauge, boolean custom, int floatsOneIn, int turnsOneIn) {
            this.gauge = gauge;
            this.custom = custom;
            this.floatsOneIn = floatsOneIn;
            this.turnsOneIn = turnsOneIn;
            clear();
        }

        void fill(Labels labels) {
            long nowMs = RandomData.START_MS + random.nextInt(4) * 15_000L;
            boolean isFloat = false;
            while (nowMs <= RandomData.END_MS) {
                if (floatsOneIn > 0 && random.nextInt(isFloat ? 5 : floatsOneIn) == 0) {
                    isFloat = !isFloat;
                }
                change();
                if (random.nextInt(90) == 0) {
                    storage.add(labels, nowMs, ended());
                    nowMs += random.nextInt(20) * intervalMs;
                } else if (isFloat) {
                    storage.add(labels, nowMs, random.nextInt(100));
                } else {
                    storage.add(labels, nowMs, histogram());
                }
                nowMs += (random.nextInt(60) == 0 ? random.nextInt(30) + 1 : 1) * intervalMs;
            }
        }

        private void change() {
            if (gauge || random.nextInt(60) == 0) {
                clear();
            }
            if (random.nextInt(changesOneIn) == 0) {
                if (custom) {
                    bounds = BOUNDS[random.nextInt(BOUNDS.length)];
                } else {
                    schema = random.nextInt(3);
                    zeroThreshold = thresholds[random.nextInt(thresholds.length)];
                }
                clear();
            }
            if (random.nextInt(turnsOneIn) == 0) {
                custom = !custom;
                clear();
            }
            int observations = random.nextInt(12);
            for (int i = 0; i < observations; i++) {
                observe(Math.rint(random.nextGaussian() * 300) / 100);
            }
            if (random.nextInt(400) == 0) {
                notNumbers += random.nextInt(3);
            }
        }

        private void clear() {
            positive.clear();
            negative.clear();
            zeroCount = 0;
            notNumbers = 0;
            sum = 0;
            // A database may show empty buckets that other histograms of a chunk have, and an estimate within the zero
            // bucket
            // depends on whether there are any: so there always is one of each sign that may occur.
            observe(5);
            if (withNegative || custom) {
                observe(-5);
            }
        }

        private void observe(double gaussian) {
            double value = withNegative || custom ? gaussian : Math.abs(gaussian);
            sum += value;
            if (custom) {
                int bucket = 0;
                while (bucket < bounds.length && value > bounds[bucket]) {
                    bucket++;
                }
                positive.merge(bucket, 1L, Long::sum);
            } else if (Math.abs(value) <= zeroThreshold) {
                zeroCount++;
            } else {
                double base = Math.pow(2, Math.pow(2, -schema));
                int index = (int) Math.ceil(Math.log(Math.abs(value)) / Math.log(base) - 1e-9);
                (value > 0 ? positive : negative).merge(index, 1L, Long::sum);
            }
        }

        /** With the bounds of those before: Prometheus takes no snapshot of an open chunk where they change. */
        private NativeHistogram ended() {
            FloatHistogram empty = custom
                    ? FloatHistogram.empty(
                            HistogramLayout.CUSTOM_BUCKETS,
                            0,
                            java.util.Arrays.stream(bounds).boxed().toList())
                    : FloatHistogram.empty(schema, zeroThreshold, List.of());
            return empty.withHint(gauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN)
                    .withSum(StalenessMarker.VALUE);
        }

        private NativeHistogram histogram() {
            CounterResetHint hint = gauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN;
            HistogramLayout layout = custom
                    ? HistogramLayout.custom(
                            java.util.Arrays.stream(bounds).boxed().toList(), spans(positive))
                    : HistogramLayout.exponential(schema, zeroThreshold, spans(positive), spans(negative));
            long count = positive.values().stream().mapToLong(Long::longValue).sum()
                    + negative.values().stream().mapToLong(Long::longValue).sum()
                    + zeroCount
                    + notNumbers;
            double shownSum = notNumbers > 0 ? StalenessMarker.NORMAL_NAN : sum;
            long[] positives = counts(positive);
            long[] negatives = counts(negative);
            IntegerHistogram integer =
                    new IntegerHistogram(hint, layout, count, zeroCount, shownSum, positives, negatives);
            return whole ? integer : integer.toFloat();
        }

        private static List<BucketSpan> spans(NavigableMap<Integer, Long> counts) {
            List<BucketSpan> spans = new ArrayList<>();
            int end = 0;
            for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
                spans.add(new BucketSpan(bucket.getKey() - end, 1));
                end = bucket.getKey() + 1;
            }
            return spans;
        }

        private static long[] counts(NavigableMap<Integer, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).toArray();
        }
    }
}
