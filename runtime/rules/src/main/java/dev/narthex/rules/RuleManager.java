// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.model.Labels;
import dev.narthex.template.AlertTemplate;
import dev.narthex.template.TemplateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs rule groups. Safe for use by many threads; configurations are applied one after the other.
 *
 * <p>Every group is evaluated on its own schedule by the scheduler that it is given. A new configuration replaces only
 * the groups that differ: all others keep their schedule, their alerts and their series.
 */
public final class RuleManager implements AutoCloseable {
    private final RuleServices services;
    private volatile Map<GroupSettings.Key, RuleGroup> groups = Map.of();
    private boolean applied;
    private boolean closed;

    public RuleManager(RuleServices services) {
        this.services = services;
    }

    /**
     * Runs these groups from now on, and no others. The groups of the first call restore the {@code for} state of
     * before a restart.
     *
     * @param interval the evaluation interval of groups that name none
     * @param externalLabels of the server: for templates, and added to alerts
     * @throws RuleException when a group cannot be run; then nothing has changed
     */
    public synchronized void apply(List<RuleGroupConfig> configs, Duration interval, Labels externalLabels)
            throws RuleException {
        Map<GroupSettings.Key, RuleGroup> before = groups;
        Map<GroupSettings.Key, RuleGroup> after = LinkedHashMap.newLinkedHashMap(configs.size());
        List<String> problems = new ArrayList<>();
        Set<GroupSettings.Key> seen = new HashSet<>();
        for (RuleGroupConfig config : configs) {
            Duration own = config.interval();
            GroupSettings settings = new GroupSettings(config, own == null ? interval : own, externalLabels);
            if (!seen.add(settings.key())) {
                problems.add(at(config) + ": groupname: \"" + config.name() + "\" is repeated in the same file");
                continue;
            }
            RuleGroup running = before.get(settings.key());
            if (running != null && running.settings().equals(settings)) {
                after.put(settings.key(), running);
                continue;
            }
            List<String> wrong = problems(config, services.queries());
            problems.addAll(wrong);
            if (wrong.isEmpty()) {
                after.put(settings.key(), new RuleGroup(settings, services, !applied));
            }
        }
        if (!problems.isEmpty()) {
            throw new RuleException(problems);
        }
        replace(before, after);
    }

    private void replace(Map<GroupSettings.Key, RuleGroup> before, Map<GroupSettings.Key, RuleGroup> after) {
        after.forEach((key, group) -> {
            RuleGroup former = before.get(key);
            if (former != null && !former.equals(group)) {
                group.takeStateOf(former);
            }
            if (!closed) {
                group.start();
            }
        });
        before.forEach((key, group) -> {
            if (!after.containsKey(key)) {
                group.remove(this::series);
            }
        });
        groups = after;
        applied = true;
    }

    /**
     * What is wrong with the expressions and templates of a group, empty where nothing is. Does not run anything.
     *
     * @param queries checks the expressions
     */
    public static List<String> problems(RuleGroupConfig group, QueryFunction queries) {
        return check(group, queries).stream()
                .map(problem -> group.file() + ": " + problem.message())
                .toList();
    }

    /** The same, with the place of each. */
    public static List<RuleProblem> check(RuleGroupConfig group, QueryFunction queries) {
        List<RuleProblem> problems = new ArrayList<>();
        for (int i = 0; i < group.rules().size(); i++) {
            RuleConfig rule = group.rules().get(i);
            int index = i;
            String where = named(group) + ", rule " + (i + 1) + ", \"" + rule.name() + "\"";
            try {
                queries.normalize(rule.expr());
            } catch (IllegalArgumentException e) {
                problems.add(new RuleProblem(
                        i, RuleProblem.Field.EXPR, where + ": could not parse expression: " + e.getMessage()));
            }
            if (rule instanceof AlertingRuleConfig alerting) {
                // Those of a group are not looked at before alerts are made, as in Prometheus.
                Labels labels = alerting.labels();
                for (int l = 0; l < labels.size(); l++) {
                    templateFault(alerting.alert(), labels.value(l), where + ": label \"" + labels.name(l) + "\"")
                            .ifPresent(fault -> problems.add(new RuleProblem(index, RuleProblem.Field.LABELS, fault)));
                }
                alerting.annotations()
                        .forEach((name, text) -> templateFault(
                                        alerting.alert(), text, where + ": annotation \"" + name + "\"")
                                .ifPresent(fault ->
                                        problems.add(new RuleProblem(index, RuleProblem.Field.ANNOTATIONS, fault))));
            }
        }
        return problems;
    }

    private static Optional<String> templateFault(String alert, String text, String where) {
        try {
            AlertTemplate.parse(alert, text);
            return Optional.empty();
        } catch (TemplateException e) {
            return Optional.of(where + ": " + e.getMessage());
        }
    }

    private static String named(RuleGroupConfig group) {
        return "group \"" + group.name() + "\"";
    }

    private static String at(RuleGroupConfig group) {
        return group.file() + ": group \"" + group.name() + "\"";
    }

    private Set<Labels> series() {
        Set<Labels> series = new HashSet<>();
        groups.values().forEach(group -> series.addAll(group.series()));
        return series;
    }

    /** All groups in the order of the configuration. */
    public List<GroupView> groups() {
        return groups.values().stream().map(RuleGroup::view).toList();
    }

    /** All alerts that are pending or firing. */
    public List<AlertView> alerts() {
        List<AlertView> alerts = new ArrayList<>();
        for (GroupView group : groups()) {
            for (RuleView rule : group.rules()) {
                if (rule instanceof RuleView.Alerting alerting) {
                    alerts.addAll(alerting.alerts());
                }
            }
        }
        return alerts;
    }

    /** Stops all groups; of evaluations that run the present rule is waited for. Series go on, as after a restart. */
    @Override
    public synchronized void close() {
        closed = true;
        groups.values().forEach(RuleGroup::cancel);
        groups.values().forEach(RuleGroup::stop);
    }
}
