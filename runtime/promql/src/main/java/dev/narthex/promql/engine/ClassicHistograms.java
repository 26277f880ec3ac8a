// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code histogram_quantile} and {@code histogram_fraction} over classic histograms: series that differ in their label
 * {@code le} are the cumulative buckets of one (Prometheus documentation, "Query functions").
 */
final class ClassicHistograms extends BufferedOperator {
    private static final String BOUND_LABEL = "le";
    /** Counts that differ by no more than this, relatively, are the same: rounding, not a lost bucket. */
    private static final double TOLERANCE = 1e-12;

    private final QueryContext context;
    private final VectorOperator inner;
    private final Steps steps;
    private final AnnotationCollector.Annotator annotator;
    private final StepFunction function;

    /** Computes the result of a histogram at a step. */
    @FunctionalInterface
    interface StepFunction {
        double apply(int step, Buckets buckets);
    }

    ClassicHistograms(
            QueryContext context,
            VectorOperator inner,
            Steps steps,
            AnnotationCollector.Annotator annotator,
            StepFunction function) {
        this.context = context;
        this.inner = inner;
        this.steps = steps;
        this.annotator = annotator;
        this.function = function;
    }

    private record Bucket(double upperBound, Column counts) {}

    private static final class Histogram {
        private final List<Bucket> buckets = new ArrayList<>();
        private String shownName = "";
        private boolean nameDropped;
    }

    /** The buckets of a histogram at a step, by upper bound; each bound once, no count below the one before. */
    static final class Buckets {
        private final double[] bounds;
        private final double[] counts;
        private int size;
        /** By how much a count was below the one before at most, and the bounds of the first and the last such bucket. */
        private double maxFall;

        private double lowestFall;
        private double highestFall;

        Buckets(int capacity) {
            bounds = new double[capacity];
            counts = new double[capacity];
        }

        private void clear() {
            size = 0;
            maxFall = 0;
        }

        private void add(double bound, double count) {
            if (size > 0 && bounds[size - 1] == bound) {
                counts[size - 1] += count;
            } else {
                bounds[size] = bound;
                counts[size++] = count;
            }
        }

        private void makeMonotonic() {
            double before = counts[0];
            for (int i = 1; i < size; i++) {
                if (counts[i] == before) {
                    continue;
                }
                if (isAlmostEqual(before, counts[i])) {
                    counts[i] = before;
                } else if (counts[i] < before) {
                    lowestFall = maxFall == 0 ? bounds[i] : lowestFall;
                    highestFall = bounds[i];
                    maxFall = Math.max(maxFall, before - counts[i]);
                    counts[i] = before;
                } else {
                    before = counts[i];
                }
            }
        }

        private static boolean isAlmostEqual(double a, double b) {
            double difference = Math.abs(a - b);
            double size = Math.abs(a) + Math.abs(b);
            return difference < TOLERANCE * Math.min(size, Double.MAX_VALUE);
        }

        boolean isUsable() {
            return size >= 2 && bounds[size - 1] == Double.POSITIVE_INFINITY;
        }

        double quantile(double quantile) {
            if (Double.isNaN(quantile)) {
                return Double.NaN;
            }
            if (quantile < 0) {
                return Double.NEGATIVE_INFINITY;
            }
            if (quantile > 1) {
                return Double.POSITIVE_INFINITY;
            }
            if (!isUsable()) {
                return Double.NaN;
            }
            makeMonotonic();
            double observations = counts[size - 1];
            if (observations == 0) {
                return Double.NaN;
            }
            double rank = quantile * observations;
            int at = 0;
            while (at < size - 1 && !(counts[at] >= rank)) {
                at++;
            }
            if (at == size - 1) {
                return bounds[size - 2];
            }
            if (at == 0 && bounds[0] <= 0) {
                return bounds[0];
            }
            double start = at == 0 ? 0 : bounds[at - 1];
            double below = at == 0 ? 0 : counts[at - 1];
            return start + (bounds[at] - start) * ((rank - below) / (counts[at] - below));
        }

        /** The share of the observations between two bounds. */
        double fraction(double lower, double upper) {
            if (!isUsable()) {
                return Double.NaN;
            }
            double observations = counts[size - 1];
            if (observations == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
                return Double.NaN;
            }
            if (lower >= upper) {
                return 0;
            }
            // Flawed counts may be greater than the last one.
            return (Math.min(rank(upper), observations) - Math.min(rank(lower), observations)) / observations;
        }

        /** How many observations are below a bound; within a bucket they are taken as spread evenly. */
        private double rank(double bound) {
            for (int i = 0; i < size; i++) {
                if (bound <= bounds[i]) {
                    double start = i == 0 ? Math.min(0, bounds[0]) : bounds[i - 1];
                    double below = i == 0 ? 0 : counts[i - 1];
                    if (bound == bounds[i]) {
                        return counts[i];
                    }
                    if (i == 0 && bounds[0] <= 0) {
                        return bound < bounds[0] ? 0 : counts[0];
                    }
                    if (bound <= start || bounds[i] == Double.POSITIVE_INFINITY) {
                        return below;
                    }
                    return below + (counts[i] - below) * (bound - start) / (bounds[i] - start);
                }
            }
            return counts[size - 1];
        }
    }

    @Override
    ArrayDeque<Column> evaluate() {
        Map<Labels, Histogram> histograms = new LinkedHashMap<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            add(histograms, column);
        }
        ArrayDeque<Column> results = new ArrayDeque<>();
        histograms.forEach((labels, histogram) -> {
            histogram.buckets.sort(Comparator.comparingDouble(Bucket::upperBound));
            Column result = context.columns().take(labels, steps.count());
            result.setNameDropped(histogram.nameDropped);
            fill(histogram, result);
            histogram.buckets.forEach(bucket -> context.columns().release(bucket.counts()));
            if (result.isEmpty()) {
                context.columns().release(result);
            } else {
                context.columns().hold(result);
                results.add(result);
            }
        });
        return results;
    }

    private void add(Map<Labels, Histogram> histograms, Column column) {
        Labels labels = column.labels();
        Double bound = bound(labels.getOrEmpty(BOUND_LABEL));
        if (bound == null) {
            annotator.warn("bucket label \"le\" is missing or has a malformed value of "
                    + QuotedString.of(labels.getOrEmpty(BOUND_LABEL))
                    + forMetric(shownName(labels)));
            context.columns().release(column);
            return;
        }
        Labels key = labels.without(Set.of(BOUND_LABEL));
        if (!context.delaysNameRemoval()) {
            key = context.dropName(key);
        }
        Histogram histogram = histograms.computeIfAbsent(key, _ -> new Histogram());
        histogram.shownName = shownName(labels);
        histogram.nameDropped = context.delaysNameRemoval();
        histogram.buckets.add(new Bucket(bound, column));
    }

    /** The metric name where there still is one: under delayed name removal only. */
    private String shownName(Labels labels) {
        return context.delaysNameRemoval() ? labels.metricName() : "";
    }

    /** How messages name a metric. */
    static String forMetric(String name) {
        return name.isEmpty() ? "" : " for metric name " + QuotedString.of(name);
    }

    private static @Nullable Double bound(String text) {
        try {
            return GoFloat.parse(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private void fill(Histogram histogram, Column result) {
        Buckets buckets = new Buckets(histogram.buckets.size());
        for (int step = 0; step < steps.count(); step++) {
            buckets.clear();
            for (Bucket bucket : histogram.buckets) {
                if (Presence.has(bucket.counts().present(), step)) {
                    buckets.add(bucket.upperBound(), bucket.counts().values()[step]);
                }
            }
            if (buckets.size > 0) {
                result.set(step, function.apply(step, buckets));
                if (buckets.maxFall > 0) {
                    long timeMs = steps.timeMs(step);
                    annotator.inform(
                            histogram.shownName,
                            new NonMonotonicBuckets(
                                    buckets.lowestFall, buckets.highestFall, buckets.maxFall, 1, timeMs, timeMs));
                }
            }
        }
    }

    @Override
    public boolean hasOneName() {
        return !context.delaysNameRemoval() || inner.hasOneName();
    }
}
