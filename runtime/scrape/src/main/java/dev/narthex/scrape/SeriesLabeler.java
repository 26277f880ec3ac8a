// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.relabel.Relabeler;
import dev.narthex.exposition.SeriesDecoder;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives series of a target their labels: those of the exposition and those of the target, conflicts settled by
 * {@code honor_labels}, then the steps of {@code metric_relabel_configs}. Immutable.
 */
final class SeriesLabeler {
    private final Labels targetLabels;
    private final boolean honorLabels;
    private final List<RelabelConfig> steps;
    private final LabelLimits limits;
    private final boolean legacyNames;

    SeriesLabeler(Target target, ScrapeConfig config) {
        targetLabels = target.labels();
        honorLabels = config.honorLabels();
        steps = config.metricRelabelConfigs();
        limits = LabelLimits.of(config.limits());
        legacyNames = config.nameValidationScheme() == NameValidationScheme.LEGACY;
    }

    /** Whether every series gets the same labels from both; cheap for one and the same, which is asked at each scrape. */
    boolean isSameAs(SeriesLabeler other) {
        // In a native executable the equality of records is interpreted: a tenth of what a scrape of 1,000 lines cost.
        return this == other
                || (targetLabels.equals(other.targetLabels)
                        && honorLabels == other.honorLabels
                        && steps.equals(other.steps)
                        && limits.equals(other.limits)
                        && legacyNames == other.legacyNames);
    }

    /**
     * The labels of a series as it is stored.
     *
     * @return null where relabelling drops the series
     * @throws RepeatedLabelException when a label is there twice
     * @throws ScrapeException when the series cannot be stored
     */
    @Nullable
    Labels label(SeriesDecoder series) {
        LabelsBuilder labels = Labels.builder();
        String repeated = exposed(series, labels);
        List<String> added = added(labels);
        if (honorLabels) {
            addTargetLabels(series, labels);
        } else {
            overrideByTargetLabels(series, labels);
        }
        Labels stored = Relabeler.relabel(labels.build(), added, steps);
        if (stored == null || stored.isEmpty()) {
            return null;
        }
        check(series, stored, repeated);
        limits.check(stored);
        return stored;
    }

    /** The names of what the target adds to labels of a series, in the order that {@code labelmap} shows. */
    private List<String> added(LabelsBuilder labels) {
        if (steps.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < targetLabels.size(); i++) {
            if (!honorLabels || labels.get(targetLabels.name(i)) == null) {
                names.add(targetLabels.name(i));
            }
        }
        return names;
    }

    /**
     * Labels of a series that the server itself makes for the target. Each label of the target empties the one that a
     * conflict with it would be kept in, so that {@code exported_job} is lost where there is a {@code job} behind it: seen in
     * Prometheus 3.15, whose {@code up} would be another series otherwise.
     */
    Labels ownSeries(String metricName) {
        LabelsBuilder labels = Labels.builder().set(Labels.METRIC_NAME, metricName);
        for (int i = 0; i < targetLabels.size(); i++) {
            labels.remove(TargetLabels.EXPORTED_PREFIX + targetLabels.name(i));
            labels.set(targetLabels.name(i), targetLabels.value(i));
        }
        return labels.build();
    }

    /** Collects the labels of the exposition; a name with an empty value anywhere is no label. Gives a repeated name. */
    private static @Nullable String exposed(SeriesDecoder series, LabelsBuilder labels) {
        String repeated = null;
        Set<String> emptied = new HashSet<>(0);
        for (int i = 0; i < series.size(); i++) {
            String name = series.name(i);
            if (series.value(i).isEmpty()) {
                emptied.add(name);
            } else if (name.isEmpty()) {
                throw new ScrapeException("invalid metric name or label names: a label name is empty");
            } else if (labels.get(name) == null) {
                labels.set(name, series.value(i));
            } else {
                repeated = name;
            }
        }
        emptied.forEach(labels::remove);
        return repeated == null || emptied.contains(repeated) ? null : repeated;
    }

    private void addTargetLabels(SeriesDecoder series, LabelsBuilder labels) {
        for (int i = 0; i < targetLabels.size(); i++) {
            boolean exposed = false;
            for (int k = 0; k < series.size(); k++) {
                exposed |= series.name(k).equals(targetLabels.name(i));
            }
            if (!exposed) {
                labels.set(targetLabels.name(i), targetLabels.value(i));
            }
        }
    }

    private void overrideByTargetLabels(SeriesDecoder series, LabelsBuilder labels) {
        List<String> conflicts = new ArrayList<>(0);
        for (int i = 0; i < targetLabels.size(); i++) {
            String name = targetLabels.name(i);
            if (!exposedValue(series, name).isEmpty()) {
                conflicts.add(name);
            }
            labels.set(name, targetLabels.value(i));
        }
        conflicts.sort(Comparator.comparingInt(String::length));
        for (String name : conflicts) {
            String exported = TargetLabels.EXPORTED_PREFIX + name;
            while (labels.get(exported) != null) {
                exported = TargetLabels.EXPORTED_PREFIX + exported;
            }
            labels.set(exported, exposedValue(series, name));
        }
    }

    /** The first value of a label, even if it is there once more without one; empty where it is not exposed. */
    private static String exposedValue(SeriesDecoder series, String name) {
        for (int i = 0; i < series.size(); i++) {
            if (series.name(i).equals(name)) {
                return series.value(i);
            }
        }
        return "";
    }

    private static boolean isLegacy(String name, String value) {
        return name.equals(Labels.METRIC_NAME) ? LabelNames.isClassicMetricName(value) : LabelNames.isClassic(name);
    }

    private void check(SeriesDecoder series, Labels stored, @Nullable String repeated) {
        if (!stored.has(Labels.METRIC_NAME)) {
            throw new ScrapeException("missing metric name (__name__ label)");
        }
        boolean valid = series.hasValidNames();
        for (int i = 0; i < stored.size(); i++) {
            valid &= LabelNames.isValidUtf8(stored.name(i)) && LabelNames.isValidUtf8(stored.value(i));
            valid &= !legacyNames || isLegacy(stored.name(i), stored.value(i));
        }
        if (!valid) {
            throw new ScrapeException("invalid metric name or label names: " + stored);
        }
        if (repeated != null && stored.has(repeated)) {
            throw new RepeatedLabelException(repeated);
        }
    }
}
