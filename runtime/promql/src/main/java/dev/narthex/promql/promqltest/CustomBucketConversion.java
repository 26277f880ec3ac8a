// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes native histograms with custom buckets of classic ones, as {@code load_with_nhcb} does: of the series with the
 * suffixes {@code _bucket}, {@code _count} and {@code _sum} one without, which has a histogram wherever there are buckets.
 */
final class CustomBucketConversion {
    private final Map<Labels, NavigableMap<Long, Classic>> histograms = new LinkedHashMap<>();

    /** A classic histogram at a time. */
    private static final class Classic {
        private final NavigableMap<Double, Double> cumulative = new TreeMap<>();
        private double sum;
        private double count = Double.NaN;
    }

    void add(Labels series, long timestampMs, double value) {
        String name = series.metricName();
        if (name.endsWith("_bucket") && !series.getOrEmpty("le").isEmpty()) {
            double bound;
            try {
                bound = GoFloat.parse(series.getOrEmpty("le"));
            } catch (NumberFormatException _) {
                return;
            }
            at(series, "_bucket", timestampMs).cumulative.put(bound, value);
        } else if (name.endsWith("_sum")) {
            at(series, "_sum", timestampMs).sum = value;
        } else if (name.endsWith("_count")) {
            at(series, "_count", timestampMs).count = value;
        }
    }

    private Classic at(Labels series, String suffix, long timestampMs) {
        String name = series.metricName();
        Labels labels = series.without(Set.of("le")).toBuilder()
                .set(Labels.METRIC_NAME, name.substring(0, name.length() - suffix.length()))
                .build();
        return histograms
                .computeIfAbsent(labels, _ -> new TreeMap<>())
                .computeIfAbsent(timestampMs, _ -> new Classic());
    }

    /** Takes the histograms that were made. */
    @FunctionalInterface
    interface Target {
        void add(Labels labels, long timestampMs, FloatHistogram histogram);
    }

    void convert(Target target) {
        histograms.forEach((labels, byTime) -> byTime.forEach((timestampMs, classic) -> {
            if (!classic.cumulative.isEmpty()) {
                target.add(labels, timestampMs, convert(classic));
            }
        }));
    }

    private static FloatHistogram convert(Classic classic) {
        List<Double> bounds = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        double before = 0;
        for (Map.Entry<Double, Double> bucket : classic.cumulative.entrySet()) {
            if (bucket.getKey() != Double.POSITIVE_INFINITY) {
                bounds.add(bucket.getKey());
            }
            counts.add(bucket.getValue() - before);
            before = bucket.getValue();
        }
        double count = Double.isNaN(classic.count) ? before : classic.count;
        if (counts.size() == bounds.size()) {
            counts.add(count - before);
        }
        HistogramLayout layout = HistogramLayout.custom(bounds, List.of(new BucketSpan(0, counts.size())));
        double[] buckets = counts.stream().mapToDouble(Double::doubleValue).toArray();
        return FloatHistogram.of(CounterResetHint.UNKNOWN, layout, count, 0, classic.sum, buckets, new double[0])
                .compact();
    }
}
