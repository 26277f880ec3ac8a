// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Compares metric families with the conventions for names (Prometheus documentation, "Metric and label naming"). */
public final class MetricLint {
    private static final Pattern CAMEL_CASE = Pattern.compile("[a-z][A-Z]");
    private static final List<String> ABBREVIATIONS =
            List.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");

    private final List<LintProblem> problems = new ArrayList<>();

    private MetricLint() {}

    /** What is against the conventions, in order of metric and text. */
    public static List<LintProblem> problems(List<MetricFamily> families) {
        MetricLint lint = new MetricLint();
        families.forEach(lint::look);
        return lint.problems.stream().sorted().toList();
    }

    private void look(MetricFamily family) {
        if (family.help() == null) {
            report(family, "no help text");
        }
        unit(family);
        if (family.type() != FamilyType.UNTYPED) {
            suffixes(family);
            typeInName(family);
            reservedLabels(family);
        }
        if (family.name().indexOf(':') >= 0) {
            report(family, "metric names should not contain ':'");
        }
        camelCase(family);
        abbreviations(family);
        repeated(family);
    }

    private void report(MetricFamily family, String text) {
        problems.add(new LintProblem(family.name(), text));
    }

    private void unit(MetricFamily family) {
        for (String word : family.name().split("_", -1)) {
            String base = UnitNames.baseOf(word);
            if (base != null) {
                if (!base.equals(word)) {
                    report(family, "use base unit \"" + base + "\" instead of \"" + word + "\"");
                }
                return;
            }
        }
    }

    private void suffixes(MetricFamily family) {
        String name = family.name();
        FamilyType type = family.type();
        boolean total = name.endsWith("_total");
        if (type == FamilyType.COUNTER && !total) {
            report(family, "counter metrics should have \"_total\" suffix");
        } else if (type != FamilyType.COUNTER && total) {
            report(family, "non-counter metrics should not have \"_total\" suffix");
        }
        boolean histogram = type.isHistogram();
        boolean summary = type == FamilyType.SUMMARY;
        if (!histogram && name.endsWith("_bucket")) {
            report(family, "non-histogram metrics should not have \"_bucket\" suffix");
        }
        for (String suffix : List.of("_count", "_sum")) {
            if (!histogram && !summary && name.endsWith(suffix)) {
                report(family, "non-histogram and non-summary metrics should not have \"" + suffix + "\" suffix");
            }
        }
    }

    private void typeInName(MetricFamily family) {
        String type = family.type().name().toLowerCase(Locale.ROOT);
        String name = family.name().toLowerCase(Locale.ROOT);
        if (holdsWord(name, type)) {
            report(family, "metric name should not include type '" + type + "'");
        }
    }

    /** Whether a name has a word behind its first one. */
    private static boolean holdsWord(String name, String word) {
        return name.contains("_" + word + "_") || name.endsWith("_" + word);
    }

    private void reservedLabels(MetricFamily family) {
        for (MetricFamily.Metric metric : family.metrics()) {
            if (!family.type().isHistogram() && metric.labels().containsKey("le")) {
                report(family, "non-histogram metrics should not have \"le\" label");
            }
            if (family.type() != FamilyType.SUMMARY && metric.labels().containsKey("quantile")) {
                report(family, "non-summary metrics should not have \"quantile\" label");
            }
        }
    }

    private void camelCase(MetricFamily family) {
        if (CAMEL_CASE.matcher(family.name()).find()) {
            report(family, "metric names should be written in 'snake_case' not 'camelCase'");
        }
        for (MetricFamily.Metric metric : family.metrics()) {
            for (String label : metric.labels().keySet()) {
                if (CAMEL_CASE.matcher(label).find()) {
                    report(family, "label names should be written in 'snake_case' not 'camelCase'");
                }
            }
        }
    }

    private void abbreviations(MetricFamily family) {
        String name = family.name().toLowerCase(Locale.ROOT);
        for (String abbreviation : ABBREVIATIONS) {
            if (holdsWord(name, abbreviation)) {
                report(family, "metric names should not contain abbreviated units");
            }
        }
    }

    private void repeated(MetricFamily family) {
        Set<Map<String, String>> seen = new HashSet<>();
        for (MetricFamily.Metric metric : family.metrics()) {
            if (!seen.add(metric.labels())) {
                report(family, "metric not unique");
            }
        }
    }
}
