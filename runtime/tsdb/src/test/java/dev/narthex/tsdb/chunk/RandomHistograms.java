// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A series of histograms as a process might make it, with everything that may happen to one. */
public final class RandomHistograms {
    private final Random random;
    private final boolean floats;
    private int schema;
    private double zeroThreshold;
    private List<Double> customValues = List.of();
    private boolean gauge;
    private final SortedMap<Integer, Double> positive = new TreeMap<>();
    private final SortedMap<Integer, Double> negative = new TreeMap<>();
    private double zeroCount;
    private double sum;
    private boolean splitsSpans = true;

    public RandomHistograms(Random random, boolean floats) {
        this.random = random;
        this.floats = floats;
        newScale();
    }

    /**
     * Lets no two spans touch each other, and no bucket go: a Prometheus 3.5.3 writes spans that overlap when a chunk
     * gets buckets while the new histogram lacks others, and takes the next histogram for one after a reset.
     */
    public RandomHistograms withGrowingBuckets() {
        splitsSpans = false;
        return this;
    }

    private void newScale() {
        schema = random.nextInt(4) == 0 ? HistogramLayout.CUSTOM_BUCKETS : random.nextInt(13) - 4;
        boolean custom = schema == HistogramLayout.CUSTOM_BUCKETS;
        double[] thresholds = {0, 1e-128, 0x1p-128, 1, 0x1p10, 0x1p-243, 0x1p-244, 0x1p11};
        zeroThreshold = custom ? 0 : thresholds[random.nextInt(thresholds.length)];
        if (custom) {
            List<Double> values = new ArrayList<>();
            double value = random.nextBoolean() ? -1.5 : 0;
            for (int i = random.nextInt(12); i >= 0; i--) {
                value += random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(1, 500) / 100.0;
                values.add(value);
            }
            customValues = values;
        } else {
            customValues = List.of();
        }
        reset();
    }

    private void reset() {
        positive.clear();
        negative.clear();
        zeroCount = 0;
        sum = 0;
    }

    /** The next histogram of the series; now and then a staleness marker, a reset, another scale. */
    public NativeHistogram next() {
        switch (random.nextInt(25)) {
            case 0 -> reset();
            case 1 -> newScale();
            case 2 -> gauge = !gauge;
            case 3 -> {
                return stale(gauge && random.nextBoolean());
            }
            case 4 -> {
                if (gauge && splitsSpans) {
                    positive.keySet().removeIf(_ -> random.nextInt(3) == 0);
                }
            }
            case 5 -> positive.putIfAbsent(index(), 0.0);
            case 6 -> positive.values().removeIf(value -> splitsSpans && value == 0);
            default -> {}
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            observe();
        }
        return histogram(layout(), hint());
    }

    private CounterResetHint hint() {
        if (gauge) {
            return CounterResetHint.GAUGE;
        }
        return switch (random.nextInt(30)) {
            case 0 -> CounterResetHint.RESET;
            case 1 -> CounterResetHint.NOT_RESET;
            default -> CounterResetHint.UNKNOWN;
        };
    }

    private NativeHistogram stale(boolean asGauge) {
        CounterResetHint hint = asGauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN;
        HistogramLayout none = HistogramLayout.exponential(0, 0, List.of(), List.of());
        return floats
                ? new FloatHistogram(hint, none, 0, 0, StalenessMarker.VALUE, new double[0], new double[0])
                : new IntegerHistogram(hint, none, 0, 0, StalenessMarker.VALUE, new long[0], new long[0]);
    }

    private int index() {
        return schema == HistogramLayout.CUSTOM_BUCKETS
                ? random.nextInt(customValues.size() + 1)
                : random.nextInt(24) - 12;
    }

    private void observe() {
        double amount = floats ? random.nextInt(1000) / 8.0 : random.nextInt(random.nextInt(50) == 0 ? 1 << 30 : 20);
        sum += random.nextGaussian();
        int side = random.nextInt(5);
        if (side == 0 && schema != HistogramLayout.CUSTOM_BUCKETS) {
            negative.merge(index(), amount, Double::sum);
        } else if (side == 1 && schema != HistogramLayout.CUSTOM_BUCKETS) {
            zeroCount += amount;
        } else {
            positive.merge(index(), amount, Double::sum);
        }
    }

    /** The layout that the buckets of now have. */
    public HistogramLayout layout() {
        return new HistogramLayout(schema, zeroThreshold, spans(positive), spans(negative), customValues);
    }

    /** A gauge of any counts in a layout. */
    public NativeHistogram gauge(HistogramLayout layout) {
        double[] counts = random.doubles(layout.positiveBuckets(), 0, 1e6).toArray();
        double[] others = random.doubles(layout.negativeBuckets(), 0, 100).toArray();
        sum = random.nextInt(3) == 0 ? sum : random.nextGaussian();
        zeroCount = layout.hasCustomBuckets() ? 0 : random.nextInt(1 << random.nextInt(1, 31));
        return of(CounterResetHint.GAUGE, layout, counts, others);
    }

    private NativeHistogram histogram(HistogramLayout layout, CounterResetHint hint) {
        return of(hint, layout, array(positive), array(negative));
    }

    private NativeHistogram of(CounterResetHint hint, HistogramLayout layout, double[] counts, double[] others) {
        if (floats) {
            double count = zeroCount
                    + Arrays.stream(counts).sum()
                    + Arrays.stream(others).sum();
            return new FloatHistogram(hint, layout, count, zeroCount, sum, counts, others);
        }
        long[] whole = Arrays.stream(counts).mapToLong(value -> (long) value).toArray();
        long[] wholeOthers =
                Arrays.stream(others).mapToLong(value -> (long) value).toArray();
        long count = (long) zeroCount
                + Arrays.stream(whole).sum()
                + Arrays.stream(wholeOthers).sum();
        return new IntegerHistogram(hint, layout, count, (long) zeroCount, sum, whole, wholeOthers);
    }

    private static double[] array(SortedMap<Integer, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private List<BucketSpan> spans(SortedMap<Integer, Double> counts) {
        List<BucketSpan> spans = new ArrayList<>();
        int next = 0;
        int begin = 0;
        int length = 0;
        for (int index : counts.keySet()) {
            if (length > 0 && index == begin + length && (!splitsSpans || random.nextInt(10) != 0)) {
                length++;
                continue;
            }
            if (length > 0) {
                spans.add(new BucketSpan(begin - next, length));
                next = begin + length;
            }
            begin = index;
            length = 1;
        }
        if (length > 0) {
            spans.add(new BucketSpan(begin - next, length));
        }
        return spans;
    }
}
