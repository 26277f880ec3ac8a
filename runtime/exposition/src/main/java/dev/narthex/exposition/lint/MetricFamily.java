// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The samples of one name, those of a histogram or summary taken together. */
public final class MetricFamily {
    /** What has one set of labels. */
    static final class Metric {
        private Map<String, String> labels;
        private int bucketCount;

        private Metric(Map<String, String> labels) {
            this.labels = labels;
        }

        /** All but {@code le} of a histogram and {@code quantile} of a summary. */
        Map<String, String> labels() {
            return labels;
        }
    }

    private final String name;
    private final List<Metric> metrics = new ArrayList<>();
    private final Map<Map<String, String>, Metric> byLabels = new LinkedHashMap<>();
    private @Nullable String help;
    private @Nullable FamilyType type;

    MetricFamily(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** The type, untyped where the exposition says nothing. */
    public FamilyType type() {
        return type == null ? FamilyType.UNTYPED : type;
    }

    boolean isTyped() {
        return type != null;
    }

    void type(FamilyType announced) {
        type = announced;
    }

    /** The help text, null where there is none. */
    @Nullable
    String help() {
        return help;
    }

    void help(String text) {
        help = text;
    }

    boolean isGrouped() {
        return type().isHistogram() || type() == FamilyType.SUMMARY;
    }

    List<Metric> metrics() {
        return metrics;
    }

    /** Takes a sample; of a histogram or summary those with equal labels are one metric, which is given back. */
    Metric add(Map<String, String> labels, boolean bucket) {
        return add(new Metric(labels), labels, bucket);
    }

    /** Takes a sample without a name: promtool adds its labels to those of the metric before, and that once more. */
    Metric addAgain(Metric before, Map<String, String> labels, boolean bucket) {
        Map<String, String> all = new LinkedHashMap<>(before.labels);
        all.putAll(labels);
        before.labels = all;
        return add(before, labels, bucket);
    }

    private Metric add(Metric otherwise, Map<String, String> labels, boolean bucket) {
        Metric metric = isGrouped() ? byLabels.get(labels) : null;
        if (metric == null) {
            metric = otherwise;
            metrics.add(metric);
            byLabels.put(labels, metric);
        }
        if (bucket) {
            metric.bucketCount++;
        }
        return metric;
    }

    /** How many series it makes, as promtool reckons: as if all histograms of a family had the buckets of the first. */
    public int cardinality() {
        boolean many = type() == FamilyType.HISTOGRAM || type() == FamilyType.SUMMARY;
        return many ? metrics.size() * (metrics.getFirst().bucketCount + 2) : metrics.size();
    }
}
