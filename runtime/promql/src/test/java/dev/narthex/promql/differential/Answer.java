// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.Labels;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a query gave, in a form that can be compared.
 *
 * @param error the message where it failed, empty where it did not
 * @param type the type of the value
 * @param series the values by series and time
 * @param order the values in the order in which they came, of an instant vector only
 * @param annotations warnings and infos
 */
record Answer(
        String error,
        String type,
        Map<Labels, NavigableMap<Long, Double>> series,
        List<Double> order,
        Set<String> annotations) {
    /** Whether every bit counts, to find out in which order a Prometheus calculates. */
    private static final boolean TO_THE_BIT = Boolean.getBoolean("promql.differential.exact");

    private static final double TOLERANCE = TO_THE_BIT ? 0 : 1e-9;

    /** What may be left where numbers of common size cancel each other. */
    private static final double NOISE = TO_THE_BIT ? 0 : 1e-14;

    /** Which part of the greatest bucket is no more than what rounding leaves. */
    private static final double LEFT_OVER = TO_THE_BIT ? 0 : 1e-12;

    static Answer failed(String error) {
        return new Answer(error.isEmpty() ? "?" : error, "", Map.of(), List.of(), Set.of());
    }

    static Answer of(QueryResult result) {
        Map<Labels, NavigableMap<Long, Double>> series = new TreeMap<>();
        List<Double> order = new ArrayList<>();
        switch (result.value()) {
            case Value.Scalar scalar -> point(series, Labels.EMPTY, scalar.timestampMs(), scalar.value());
            case Value.Text text -> throw new IllegalArgumentException("unexpected string " + text.value());
            case Value.Vector vector -> {
                for (VectorSample sample : vector.samples()) {
                    FloatHistogram histogram = sample.histogram();
                    if (histogram == null) {
                        point(series, sample.labels(), sample.timestampMs(), sample.value());
                        order.add(sample.value());
                    } else {
                        histogram(series, sample.labels(), sample.timestampMs(), histogram);
                        order.add(Double.NaN);
                    }
                }
            }
            case Value.Matrix matrix -> {
                for (MatrixSeries one : matrix.series()) {
                    one.forEach((timestampMs, value) -> point(series, one.labels(), timestampMs, value));
                    one.forEachHistogram(
                            (timestampMs, histogram) -> histogram(series, one.labels(), timestampMs, histogram));
                }
            }
        }
        Set<String> annotations = new TreeSet<>(result.annotations().warnings());
        annotations.addAll(result.annotations().infos());
        return new Answer("", result.value().typeName(), series, order, annotations);
    }

    static void point(Map<Labels, NavigableMap<Long, Double>> series, Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, _ -> new TreeMap<>()).put(timestampMs, value);
    }

    private static void histogram(
            Map<Labels, NavigableMap<Long, Double>> series, Labels labels, long timestampMs, FloatHistogram histogram) {
        Map<String, Double> buckets = new TreeMap<>();
        for (HistogramBucket bucket : histogram.buckets()) {
            int rule = bucket.lowerInclusive() ? (bucket.upperInclusive() ? 3 : 1) : (bucket.upperInclusive() ? 0 : 2);
            buckets.put(bucket(rule, GoFloat.json(bucket.lower()), GoFloat.json(bucket.upper())), bucket.count());
        }
        histogram(series, labels, timestampMs, histogram.count(), histogram.sum(), buckets);
    }

    /** How a bucket is named among the series that stand for a histogram. */
    static String bucket(int boundaryRule, String lower, String upper) {
        return boundaryRule + " " + lower + " " + upper;
    }

    /**
     * A histogram stands as a series for its count, one for its sum, and one for each bucket; buckets are left out that are
     * no more than what rounding leaves.
     */
    static void histogram(
            Map<Labels, NavigableMap<Long, Double>> series,
            Labels labels,
            long timestampMs,
            double count,
            double sum,
            Map<String, Double> buckets) {
        point(series, part(labels, "count"), timestampMs, count);
        point(series, part(labels, "sum"), timestampMs, sum);
        double greatest = buckets.values().stream()
                .filter(Double::isFinite)
                .mapToDouble(Math::abs)
                .max()
                .orElse(0);
        buckets.forEach((bucket, value) -> {
            if (!(Math.abs(value) <= NOISE + greatest * LEFT_OVER)) {
                point(series, part(labels, bucket), timestampMs, value);
            }
        });
    }

    private static Labels part(Labels labels, String part) {
        return labels.toBuilder().set("__histogram__", part).build();
    }

    boolean isFailed() {
        return !error.isEmpty();
    }

    /**
     * What is left of this answer without the points at which others differ from each other, of values and of whether there
     * is one; without all annotations that not all of them have.
     */
    Answer wherever(List<Answer> others) {
        Map<Labels, NavigableMap<Long, Double>> agreed = new TreeMap<>();
        Answer first = others.getFirst();
        series.forEach((labels, points) -> points.forEach((timestampMs, value) -> {
            if (others.stream().allMatch(other -> other.hasSame(first, labels, timestampMs))) {
                point(agreed, labels, timestampMs, value);
            }
        }));
        Set<String> said = new TreeSet<>(annotations);
        said.removeIf(text -> others.stream()
                        .map(other -> other.annotations.contains(text))
                        .distinct()
                        .count()
                > 1);
        return new Answer(error, type, agreed, List.of(), said);
    }

    /** What is left of this answer at one step. */
    Answer at(long timeMs) {
        Map<Labels, NavigableMap<Long, Double>> points = new TreeMap<>();
        series.forEach((labels, all) -> {
            if (all.containsKey(timeMs)) {
                point(points, labels, timeMs, all.get(timeMs));
            }
        });
        return new Answer(error, type, points, List.of(), annotations);
    }

    private boolean hasSame(Answer other, Labels labels, long timestampMs) {
        Double here = series.getOrDefault(labels, new TreeMap<>()).get(timestampMs);
        Double there = other.series.getOrDefault(labels, new TreeMap<>()).get(timestampMs);
        return Objects.equals(here, there);
    }

    /** In what this answer differs from what is right; empty where it does not. */
    Optional<String> differenceFrom(Answer right, boolean ordered, boolean annotated) {
        return differenceFrom(right, ordered, annotated, TOLERANCE);
    }

    /** @param tolerance by how much numbers may differ, relatively */
    Optional<String> differenceFrom(Answer right, boolean ordered, boolean annotated, double tolerance) {
        if (isFailed() != right.isFailed()) {
            return Optional.of(isFailed() ? "failed: " + error : "should have failed: " + right.error);
        }
        if (isFailed()) {
            return Optional.empty();
        }
        if (!type.equals(right.type)) {
            return Optional.of("is a " + type + ", should be a " + right.type);
        }
        if (!series.keySet().equals(right.series.keySet())) {
            Set<Labels> more = new TreeSet<>(series.keySet());
            more.removeAll(right.series.keySet());
            Set<Labels> less = new TreeSet<>(right.series.keySet());
            less.removeAll(series.keySet());
            return Optional.of("has the series " + more + " beside those it should have, and lacks " + less);
        }
        for (Map.Entry<Labels, NavigableMap<Long, Double>> entry : right.series.entrySet()) {
            NavigableMap<Long, Double> points = series.getOrDefault(entry.getKey(), new TreeMap<>());
            if (!points.keySet().equals(entry.getValue().keySet())) {
                return Optional.of(entry.getKey() + " has points at " + points.keySet() + "\n     should have them at "
                        + entry.getValue().keySet());
            }
            for (Map.Entry<Long, Double> point : entry.getValue().entrySet()) {
                double value = points.getOrDefault(point.getKey(), 0.0);
                if (!isAlmostEqual(value, point.getValue(), tolerance)) {
                    return Optional.of(entry.getKey() + " at " + point.getKey() + " is " + value + ", should be "
                            + point.getValue());
                }
            }
        }
        if (ordered && !areAlmostEqual(order, right.order, tolerance)) {
            return Optional.of("comes in the order " + order + "\n     should be " + right.order);
        }
        if (annotated && !withoutCounts(annotations).equals(withoutCounts(right.annotations))) {
            return Optional.of("says " + annotations + "\n     should say " + right.annotations);
        }
        return Optional.empty();
    }

    /** Without the number of histograms that were mended, which Prometheus adds up wrongly. */
    private static List<String> withoutCounts(Set<String> annotations) {
        return annotations.stream()
                .map(text -> text.replaceAll("over -?\\d+ samples", "over many samples"))
                .toList();
    }

    private static boolean areAlmostEqual(List<Double> left, List<Double> right, double tolerance) {
        for (int i = 0; i < left.size(); i++) {
            if (!isAlmostEqual(left.get(i), right.get(i), tolerance)) {
                return false;
            }
        }
        return left.size() == right.size();
    }

    private static boolean isAlmostEqual(double a, double b, double tolerance) {
        return a == b
                || (Double.isNaN(a) && Double.isNaN(b))
                || tolerance == Double.POSITIVE_INFINITY
                || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)) + NOISE;
    }
}
