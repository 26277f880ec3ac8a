// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a rule file (Prometheus documentation, "Recording rules" and "Alerting rules"). */
final class RuleFileReader {
    private final String file;
    private final boolean ignoreUnknownFields;

    RuleFileReader(String file, boolean ignoreUnknownFields) {
        this.file = file;
        this.ignoreUnknownFields = ignoreUnknownFields;
    }

    private void finish(MappingReader reader) {
        if (!ignoreUnknownFields) {
            reader.finish();
        }
    }

    List<RuleGroupConfig> read(MappingReader root) {
        List<RuleGroupConfig> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader entry : root.mappings("groups")) {
            RuleGroupConfig group = readGroup(entry);
            if (!names.add(group.name())) {
                entry.report("name", "\"" + group.name() + "\" occurs twice in this file; group names must be unique");
            }
            groups.add(group);
        }
        finish(root);
        return groups;
    }

    private RuleGroupConfig readGroup(MappingReader reader) {
        for (String name : RuleConfig.removedLabels(reader.stringMap("labels"))) {
            reader.report("labels", "\"" + name + "\" is empty; give it a value, or an empty one in each rule");
        }
        List<RuleConfig> rules = new ArrayList<>();
        for (MappingReader entry : reader.mappings("rules")) {
            rules.add(readRule(entry));
        }
        RuleGroupConfig group = new RuleGroupConfig(
                reader.required("name"),
                file,
                ConfigValues.optionalDuration(reader, "interval"),
                ConfigValues.duration(reader, "query_offset", Duration.ZERO),
                (int) reader.integer("limit", 0, 0, Integer.MAX_VALUE),
                ConfigValues.labels(reader, "labels"),
                rules);
        finish(reader);
        return group;
    }

    private RuleConfig readRule(MappingReader reader) {
        boolean records = reader.has("record");
        boolean alerts = reader.has("alert");
        if (records == alerts) {
            reader.report(
                    records ? "alert" : "record",
                    records
                            ? "stands beside record; give one of them"
                            : "is missing; a rule has either record or alert");
        }
        RuleConfig rule = records ? readRecording(reader) : readAlerting(reader);
        finish(reader);
        return rule;
    }

    private static RuleConfig readRecording(MappingReader reader) {
        for (String field : List.of("for", "keep_firing_for", "annotations")) {
            if (reader.has(field)) {
                reader.report(field, "has no meaning for a recording rule; remove it");
            }
        }
        String record = reader.required("record");
        if (!record.isEmpty() && !LabelNames.isValidUtf8(record)) {
            reader.report("record", "\"" + record + "\" is not a valid metric name");
        }
        return new RecordingRuleConfig(
                record,
                reader.required("expr"),
                ConfigValues.labels(reader, "labels"),
                RuleConfig.removedLabels(reader.stringMap("labels")));
    }

    private static RuleConfig readAlerting(MappingReader reader) {
        Map<String, String> annotations = reader.stringMap("annotations");
        for (String name : annotations.keySet()) {
            if (!LabelNames.isValidUtf8(name)) {
                reader.report("annotations", "\"" + name + "\" is not a valid annotation name");
            }
        }
        return new AlertingRuleConfig(
                reader.string("alert", ""),
                reader.required("expr"),
                ConfigValues.duration(reader, "for", Duration.ZERO),
                ConfigValues.duration(reader, "keep_firing_for", Duration.ZERO),
                ConfigValues.labels(reader, "labels"),
                RuleConfig.removedLabels(reader.stringMap("labels")),
                annotations);
    }
}
