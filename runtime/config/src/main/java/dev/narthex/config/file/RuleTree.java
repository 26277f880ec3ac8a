// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A rule file as a tree of maps and lists. */
final class RuleTree {
    List<Object> groups(List<RuleGroupConfig> groups) {
        List<Object> trees = new ArrayList<>();
        groups.forEach(group -> trees.add(group(group)));
        return trees;
    }

    private static Map<String, Object> group(RuleGroupConfig group) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", group.name());
        Duration interval = group.interval();
        if (interval != null) {
            tree.put("interval", PrometheusTree.duration(interval));
        }
        putDuration(tree, "query_offset", group.queryOffset());
        if (group.limit() > 0) {
            tree.put("limit", group.limit());
        }
        if (!group.labels().isEmpty()) {
            tree.put("labels", PrometheusTree.labels(group.labels()));
        }
        List<Object> rules = new ArrayList<>();
        group.rules().forEach(rule -> rules.add(rule(rule)));
        tree.put("rules", rules);
        return tree;
    }

    private static Map<String, Object> rule(RuleConfig rule) {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (rule) {
            case RecordingRuleConfig recording -> {
                tree.put("record", recording.record());
                tree.put("expr", recording.expr());
            }
            case AlertingRuleConfig alerting -> {
                tree.put("alert", alerting.alert());
                tree.put("expr", alerting.expr());
                putDuration(tree, "for", alerting.forDuration());
                putDuration(tree, "keep_firing_for", alerting.keepFiringFor());
            }
        }
        Map<String, Object> labels = PrometheusTree.labels(rule.labels());
        rule.removedLabels().forEach(name -> labels.putIfAbsent(name, ""));
        if (!labels.isEmpty()) {
            tree.put("labels", labels);
        }
        if (rule instanceof AlertingRuleConfig alerting
                && !alerting.annotations().isEmpty()) {
            tree.put("annotations", alerting.annotations());
        }
        return tree;
    }

    private static void putDuration(Map<String, Object> tree, String field, Duration duration) {
        if (!duration.isZero()) {
            tree.put(field, PrometheusTree.duration(duration));
        }
    }
}
