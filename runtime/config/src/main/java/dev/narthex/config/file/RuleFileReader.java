// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.yaml.KnownFields;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads a rule file (Prometheus documentation, "Recording rules" and "Alerting rules"). */
final class RuleFileReader {
    /** What is read where other fields are ignored. */
    static final KnownFields KNOWN = new KnownFields(
            Set.of(),
            Map.of(
                    "groups",
                    new KnownFields(
                            Set.of("name", "interval", "query_offset", "limit", "labels"),
                            Map.of(
                                    "rules",
                                    new KnownFields(
                                            Set.of(
                                                    "record",
                                                    "alert",
                                                    "expr",
                                                    "for",
                                                    "keep_firing_for",
                                                    "labels",
                                                    "annotations"),
                                            Map.of())))));

    private final String file;

    RuleFileReader(String file) {
        this.file = file;
    }

    List<RuleGroupConfig> read(MappingReader root) {
        List<RuleGroupConfig> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader entry : root.mappingsButNull("groups")) {
            RuleGroupConfig group = readGroup(entry);
            if (!names.add(group.name())) {
                entry.report("name", "\"" + group.name() + "\" occurs twice in this file; group names must be unique");
            }
            groups.add(group);
        }
        root.finish();
        return groups;
    }

    private RuleGroupConfig readGroup(MappingReader reader) {
        SortedSet<String> removed = RuleConfig.removedLabels(reader.stringMap("labels"));
        List<RuleConfig> rules = new ArrayList<>();
        for (MappingReader entry : reader.mappingsButNull("rules")) {
            rules.add(readRule(entry, removed));
        }
        RuleGroupConfig group = new RuleGroupConfig(
                reader.required("name"),
                file,
                ConfigValues.optionalDuration(reader, "interval"),
                ConfigValues.duration(reader, "query_offset", Duration.ZERO),
                Math.clamp(reader.integer("limit", 0, Long.MIN_VALUE, Long.MAX_VALUE), 0, Integer.MAX_VALUE),
                labels(reader),
                rules);
        reader.finish();
        return group;
    }

    private static Labels labels(MappingReader reader) {
        Labels labels = ConfigValues.textLabels(reader, "labels");
        if (labels.get(Labels.METRIC_NAME) != null) {
            reader.report("labels", Labels.METRIC_NAME + " is the name of the series, given by the rule; remove it");
        }
        return labels;
    }

    /**
     * The labels that a rule takes off.
     *
     * @param byGroup those that its group takes off, unless the rule gives them
     */
    private static SortedSet<String> removed(MappingReader reader, SortedSet<String> byGroup) {
        Map<String, String> own = reader.stringMap("labels");
        SortedSet<String> removed = new TreeSet<>(byGroup);
        removed.removeAll(own.keySet());
        removed.addAll(RuleConfig.removedLabels(own));
        return removed;
    }

    private RuleConfig readRule(MappingReader reader, SortedSet<String> byGroup) {
        boolean records = reader.isGiven("record");
        boolean alerts = reader.isGiven("alert");
        if (records == alerts) {
            reader.report(
                    records ? "alert" : "record",
                    records
                            ? "stands beside record; give one of them"
                            : "is missing; a rule has either record or alert");
        }
        RuleConfig rule = records ? readRecording(reader, byGroup) : readAlerting(reader, byGroup);
        reader.finish();
        return rule;
    }

    private static RuleConfig readRecording(MappingReader reader, SortedSet<String> byGroup) {
        for (String field : List.of("for", "keep_firing_for")) {
            if (!ConfigValues.duration(reader, field, Duration.ZERO).isZero()) {
                reader.report(field, "has no meaning for a recording rule; remove it");
            }
        }
        if (!reader.stringMap("annotations").isEmpty()) {
            reader.report("annotations", "has no meaning for a recording rule; remove it");
        }
        String record = reader.required("record");
        if (!record.isEmpty() && !LabelNames.isValidUtf8(record)) {
            reader.report("record", "\"" + record + "\" is not a valid metric name; a text in UTF-8 is accepted");
        } else if (record.indexOf('{') >= 0 || record.indexOf('}') >= 0) {
            reader.report(
                    "record",
                    "found \"" + record + "\"; a name without braces is expected: labels belong into labels, and"
                            + " selectors into expr");
        }
        return new RecordingRuleConfig(record, reader.required("expr"), labels(reader), removed(reader, byGroup));
    }

    private static RuleConfig readAlerting(MappingReader reader, SortedSet<String> byGroup) {
        Map<String, String> annotations = reader.stringMap("annotations");
        for (String name : annotations.keySet()) {
            if (!LabelNames.isValidUtf8(name)) {
                reader.report(
                        "annotations",
                        "\"" + name + "\" is not a valid annotation name; a text that is not empty is accepted");
            }
        }
        return new AlertingRuleConfig(
                reader.string("alert", ""),
                reader.required("expr"),
                ConfigValues.duration(reader, "for", Duration.ZERO),
                ConfigValues.duration(reader, "keep_firing_for", Duration.ZERO),
                labels(reader),
                removed(reader, byGroup),
                annotations);
    }
}
