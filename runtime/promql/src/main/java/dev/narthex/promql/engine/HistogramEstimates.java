// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramStatistics;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code histogram_quantile}, {@code histogram_quantiles} and {@code histogram_fraction}. Of classic histograms, series
 * that differ in their label {@code le} are the cumulative buckets of one (Prometheus documentation, "Query functions");
 * a native histogram is a series of its own. Where both have the same labels at a step, neither gives anything.
 */
final class HistogramEstimates extends BufferedOperator {
    private static final long BUCKET_WORK = 4;
    private static final String BOUND_LABEL = "le";

    private final QueryContext context;
    private final VectorOperator inner;
    private final Steps steps;
    private final AnnotationCollector.Annotator annotator;
    private final List<Estimate> estimates;
    private final Map<Labels, Classic> classics = new LinkedHashMap<>();
    private final List<Column> natives = new ArrayList<>();
    /** The bounds by their texts, of which there are few. */
    private final Map<String, Optional<Double>> bounds = new HashMap<>();

    private final LabelSubsets withoutBound;

    /** What is to be found out of each histogram at a step, and the label that it is told by. */
    abstract static class Estimate {
        private final String label;
        private final String labelValue;

        /** @param label empty where there is one estimate only */
        private Estimate(String label, String labelValue) {
            this.label = label;
            this.labelValue = labelValue;
        }

        /** Whether it is asked for at a step. */
        abstract boolean isAskedAt(int step);

        /** Whether it is asked for at a step, and has to look at the buckets. */
        abstract boolean looksAt(int step);

        abstract double of(int step, ClassicBuckets buckets);

        abstract double of(int step, FloatHistogram histogram, String metric, AnnotationCollector.Annotator annotator);

        private Labels labels(Labels histogram) {
            return label.isEmpty()
                    ? histogram
                    : histogram.toBuilder().set(label, labelValue).build();
        }
    }

    HistogramEstimates(
            QueryContext context,
            VectorOperator inner,
            Steps steps,
            AnnotationCollector.Annotator annotator,
            List<Estimate> estimates) {
        this.context = context;
        this.inner = inner;
        this.steps = steps;
        this.annotator = annotator;
        this.estimates = List.copyOf(estimates);
        this.withoutBound = new LabelSubsets(
                context.delaysNameRemoval() ? Set.of(BOUND_LABEL) : Set.of(BOUND_LABEL, Labels.METRIC_NAME), false);
    }

    /** @param quantiles the quantile at each step */
    static Estimate quantile(double[] quantiles) {
        return new Quantile("", "", quantiles, Double.NaN);
    }

    /**
     * The quantiles with a label that says which it is: one estimate for each value that occurs.
     *
     * @param quantiles the quantile at each step
     */
    static List<Estimate> quantiles(String label, double[] quantiles) {
        return Arrays.stream(quantiles)
                .distinct()
                .mapToObj(value -> (Estimate) new Quantile(label, openMetrics(value), quantiles, value))
                .toList();
    }

    /** As OpenMetrics writes numbers: a whole one with {@code .0} behind it. */
    private static String openMetrics(double number) {
        if (number == 0) {
            return "0.0"; // the negative zero, too
        }
        String text = GoFloat.general(number);
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-') ? text + ".0" : text;
    }

    private static final class Quantile extends Estimate {
        private final double[] quantiles;
        private final double only;

        Quantile(String label, String labelValue, double[] quantiles, double only) {
            super(label, labelValue);
            this.quantiles = quantiles;
            this.only = only;
        }

        @Override
        boolean isAskedAt(int step) {
            return Double.isNaN(only) || Double.compare(quantiles[step], only) == 0;
        }

        @Override
        boolean looksAt(int step) {
            return isAskedAt(step) && quantiles[step] >= 0 && quantiles[step] <= 1;
        }

        @Override
        double of(int step, ClassicBuckets buckets) {
            return buckets.quantile(quantiles[step]);
        }

        @Override
        double of(int step, FloatHistogram histogram, String metric, AnnotationCollector.Annotator annotator) {
            HistogramStatistics.Quantile quantile = HistogramStatistics.quantile(histogram, quantiles[step]);
            switch (quantile.notNumbers()) {
                case NONE -> {
                    // Nothing to say.
                }
                case SKEWED -> inform(annotator, "result is skewed higher", metric);
                case UNDEFINED -> inform(annotator, "result is NaN", metric);
            }
            return quantile.value();
        }

        private static void inform(AnnotationCollector.Annotator annotator, String result, String metric) {
            annotator.inform("input to histogram_quantile has NaN observations, " + result
                    + AnnotationCollector.forMetric(metric));
        }
    }

    /** The share between two bounds, given for each step. */
    static Estimate fraction(double[] lower, double[] upper) {
        return new Fraction(lower, upper);
    }

    private static final class Fraction extends Estimate {
        private final double[] lower;
        private final double[] upper;

        Fraction(double[] lower, double[] upper) {
            super("", "");
            this.lower = lower;
            this.upper = upper;
        }

        @Override
        boolean isAskedAt(int step) {
            return true;
        }

        @Override
        boolean looksAt(int step) {
            return true;
        }

        @Override
        double of(int step, ClassicBuckets buckets) {
            return buckets.fraction(lower[step], upper[step]);
        }

        @Override
        double of(int step, FloatHistogram histogram, String metric, AnnotationCollector.Annotator annotator) {
            if (lower[step] < upper[step] && HistogramStatistics.hasNotNumbers(histogram)) {
                annotator.inform(
                        "input to histogram_fraction has NaN observations, which are excluded from all fractions"
                                + AnnotationCollector.forMetric(metric));
            }
            return HistogramStatistics.fraction(histogram, lower[step], upper[step]);
        }
    }

    private record Bucket(double upperBound, Column counts) {}

    /** A classic histogram, and the steps at which it has buckets. */
    private static final class Classic {
        private final List<Bucket> buckets = new ArrayList<>();
        private final long[] present;
        private String shownName = "";
        private boolean nameDropped;

        Classic(int steps) {
            present = new long[Presence.words(steps)];
        }
    }

    @Override
    ArrayDeque<Column> evaluate() {
        for (Column column = inner.next(); column != null; column = inner.next()) {
            split(column);
        }
        Map<Labels, long[]> mixed = new HashMap<>();
        natives.forEach(column -> findMix(column, mixed));
        ColumnMerger results = new ColumnMerger(context.columns());
        for (int i = 0; i < estimates.size(); i++) {
            Estimate estimate = estimates.get(i);
            int before = i;
            natives.forEach(column -> estimate(column, estimate, mixed, results));
            classics.forEach((labels, classic) -> estimate(labels, classic, before, mixed, results));
        }
        natives.forEach(context.columns()::release);
        classics.values()
                .forEach(classic ->
                        classic.buckets.forEach(bucket -> context.columns().release(bucket.counts())));
        return results.drain();
    }

    /** Takes apart what a series has as native histograms and as the counts of a bucket. */
    private void split(Column column) {
        if (!column.hasHistograms()) {
            addBucket(column);
            return;
        }
        Column histograms = context.columns().take(column.labels(), steps.count());
        histograms.setNameDropped(column.isNameDropped());
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            if (column.histogram(step) != null) {
                histograms.set(step, column, step);
            }
            step = Presence.next(column.present(), step + 1);
        }
        column.dropHistograms();
        if (column.isEmpty()) {
            context.columns().release(column);
        } else {
            context.columns().hold(column);
            addBucket(column);
        }
        if (histograms.isEmpty()) {
            context.columns().release(histograms);
        } else {
            context.columns().hold(histograms);
            natives.add(histograms);
        }
    }

    private void addBucket(Column column) {
        Labels labels = column.labels();
        Optional<Double> bound = bounds.computeIfAbsent(labels.getOrEmpty(BOUND_LABEL), HistogramEstimates::bound);
        if (bound.isEmpty()) {
            annotator.warn("bucket label \"le\" is missing or has a malformed value of "
                    + QuotedString.of(labels.getOrEmpty(BOUND_LABEL))
                    + AnnotationCollector.forMetric(shownName(labels)));
            context.columns().release(column);
            return;
        }
        Classic classic = classics.computeIfAbsent(key(withoutBound.of(labels)), _ -> new Classic(steps.count()));
        classic.shownName = shownName(labels);
        classic.nameDropped = context.delaysNameRemoval();
        classic.buckets.add(new Bucket(bound.get(), column));
        Presence.union(classic.present, column.present());
    }

    private Labels key(Labels labels) {
        return context.delaysNameRemoval() ? labels : context.dropName(labels);
    }

    /** The metric name where there still is one: under delayed name removal only. */
    private String shownName(Labels labels) {
        return context.delaysNameRemoval() ? labels.metricName() : "";
    }

    private static Optional<Double> bound(String text) {
        try {
            return Optional.of(GoFloat.parse(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Notes the steps at which there is a classic histogram of the same labels as a native one. */
    private void findMix(Column column, Map<Labels, long[]> mixed) {
        Labels key = key(column.labels());
        Classic classic = classics.get(key);
        if (classic != null && Presence.intersects(classic.present, column.present())) {
            annotator.warn("vector contains a mix of classic and native histograms"
                    + AnnotationCollector.forMetric(shownName(column.labels())));
            long[] both = classic.present.clone();
            Presence.intersect(both, column.present());
            mixed.merge(key, both, (a, b) -> {
                Presence.union(a, b);
                return a;
            });
        }
    }

    private void estimate(Column column, Estimate estimate, Map<Labels, long[]> mixed, ColumnMerger results) {
        Labels key = key(column.labels());
        long[] both = mixed.get(key);
        Column result = context.columns().take(estimate.labels(key), steps.count());
        result.setNameDropped(context.delaysNameRemoval());
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            FloatHistogram histogram = column.histogram(step);
            context.progress().work(Progress.HISTOGRAM);
            if (histogram != null && estimate.isAskedAt(step) && (both == null || !Presence.has(both, step))) {
                result.set(step, estimate.of(step, histogram, shownName(column.labels()), annotator));
            }
            step = Presence.next(column.present(), step + 1);
        }
        add(result, results);
    }

    private void estimate(Labels labels, Classic classic, int at, Map<Labels, long[]> mixed, ColumnMerger results) {
        Estimate estimate = estimates.get(at);
        long[] both = mixed.get(labels);
        Column result = context.columns().take(estimate.labels(labels), steps.count());
        result.setNameDropped(classic.nameDropped);
        classic.buckets.sort(Comparator.comparingDouble(Bucket::upperBound));
        ClassicBuckets buckets = new ClassicBuckets(classic.buckets.size());
        for (int step = 0; step < steps.count(); step++) {
            if ((both != null && Presence.has(both, step)) || !estimate.isAskedAt(step)) {
                continue;
            }
            context.progress().work(BUCKET_WORK * classic.buckets.size());
            buckets.clear();
            for (Bucket bucket : classic.buckets) {
                if (Presence.has(bucket.counts().present(), step)) {
                    buckets.add(bucket.upperBound(), bucket.counts().values()[step]);
                }
            }
            if (!buckets.isEmpty()) {
                buckets.merge(looksBefore(at, step));
                result.set(step, estimate.of(step, buckets));
                NonMonotonicBuckets falls = buckets.falls(steps.timeMs(step));
                if (falls != null) {
                    annotator.inform(classic.shownName, falls);
                }
            }
        }
        add(result, results);
    }

    /** How many of the estimates before one have looked at the buckets of a step. */
    private int looksBefore(int at, int step) {
        int looks = 0;
        for (int i = 0; i < at; i++) {
            looks += estimates.get(i).looksAt(step) ? 1 : 0;
        }
        return looks;
    }

    private void add(Column result, ColumnMerger results) {
        if (result.isEmpty()) {
            context.columns().release(result);
        } else {
            context.columns().hold(result);
            results.add(result);
        }
    }

    @Override
    public boolean hasOneName() {
        return !context.delaysNameRemoval() || inner.hasOneName();
    }
}
