// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.crds.alertrule.AlertRuleSpec;
import dev.narthex.crds.alertrule.RuleSpec;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Turns an AlertRule into a rule group. */
final class AlertRuleCompiler {
    private final ResourceId id;
    private final AlertRuleSpec spec;
    private final ExpressionCheck promql;
    private final ExpressionCheck templates;
    private final boolean mayClaim;
    private final SpecProblems problems;

    AlertRuleCompiler(
            ResourceId id,
            AlertRuleSpec spec,
            ExpressionCheck promql,
            ExpressionCheck templates,
            Consents consents,
            SpecProblems problems) {
        this.id = id;
        this.spec = spec;
        this.promql = promql;
        this.templates = templates;
        this.mayClaim = consents.clusterScopeRules(id.namespace());
        this.problems = problems;
    }

    RuleGroupConfig compile() {
        problems.labelNames("spec.labels", spec.getLabels());
        checkNamespace("spec.labels", spec.getLabels());
        List<RuleSpec> specs = Objects.requireNonNullElse(spec.getRules(), List.of());
        if (specs.isEmpty()) {
            problems.invalid("spec.rules", "is empty; a group has at least one rule");
        }
        List<RuleConfig> rules = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            rules.add(compile(specs.get(i), "spec.rules[" + i + "]"));
        }
        return new RuleGroupConfig(
                ResourceNames.group(id),
                ResourceNames.ruleFile(id),
                problems.positiveDuration("spec.interval", spec.getInterval()).orElse(null),
                problems.duration("spec.queryOffset", spec.getQueryOffset()).orElse(Duration.ZERO),
                spec.getLimit() == null ? 0 : spec.getLimit(),
                SpecLabels.of(spec.getLabels()),
                rules);
    }

    private RuleConfig compile(RuleSpec rule, String path) {
        String expr = Objects.requireNonNullElse(rule.getExpr(), "");
        promql.problem(expr)
                .ifPresent(problem -> problems.add(RejectionReason.INVALID_EXPRESSION, path + ".expr", problem));
        problems.labelNames(path + ".labels", rule.getLabels());
        checkNamespace(path + ".labels", rule.getLabels());
        if ((rule.getAlert() == null) == (rule.getRecord() == null)) {
            problems.invalid(path, "a rule has either alert or record; set one of them");
        }
        return rule.getRecord() == null ? alerting(rule, expr, path) : recording(rule, expr, path);
    }

    private RuleConfig alerting(RuleSpec rule, String expr, String path) {
        Map<String, String> annotations = Objects.requireNonNullElse(rule.getAnnotations(), Map.of());
        problems.labelNames(path + ".annotations", annotations);
        checkTemplates(path + ".annotations", annotations);
        checkTemplates(path + ".labels", Objects.requireNonNullElse(rule.getLabels(), Map.of()));
        return new AlertingRuleConfig(
                Objects.requireNonNullElse(rule.getAlert(), ""),
                expr,
                problems.duration(path + ".for", rule.getForDuration()).orElse(Duration.ZERO),
                problems.duration(path + ".keepFiringFor", rule.getKeepFiringFor())
                        .orElse(Duration.ZERO),
                alertLabels(rule.getLabels()),
                removedLabels(rule),
                annotations);
    }

    private RuleConfig recording(RuleSpec rule, String expr, String path) {
        String record = Objects.requireNonNullElse(rule.getRecord(), "");
        if (!LabelNames.isClassicMetricName(record)) {
            problems.invalid(
                    path + ".record",
                    "not a metric name, found " + SpecProblems.shown(record)
                            + "; letters, digits, underscores and colons, not a digit first");
        }
        if (rule.getForDuration() != null || rule.getKeepFiringFor() != null || rule.getAnnotations() != null) {
            problems.invalid(path, "for, keepFiringFor and annotations go with alert only; remove them");
        }
        return new RecordingRuleConfig(record, expr, labels(rule.getLabels()), removedLabels(rule));
    }

    private static SortedSet<String> removedLabels(RuleSpec rule) {
        return RuleConfig.removedLabels(Objects.requireNonNullElse(rule.getLabels(), Map.of()));
    }

    private void checkTemplates(String path, Map<String, String> texts) {
        texts.forEach((name, text) -> templates
                .problem(text)
                .ifPresent(problem -> problems.add(RejectionReason.INVALID_EXPRESSION, path + "." + name, problem)));
    }

    private void checkNamespace(String path, @Nullable Map<String, String> labels) {
        String namespace = labels == null ? null : labels.get(SpecLabels.NAMESPACE);
        if (namespace != null && !mayClaim && !namespace.equals(id.namespace())) {
            problems.consent(
                    path + "." + SpecLabels.NAMESPACE,
                    "speaks for another namespace, found " + SpecProblems.shown(namespace),
                    "alertRules.clusterScopeFrom");
        }
    }

    /**
     * An alert always belongs to a namespace, or no receiver of a namespace would see it: where the rule may speak for
     * others and its expression has lost the label, to that of the rule.
     */
    private Labels alertLabels(@Nullable Map<String, String> labels) {
        Labels own = labels(labels);
        return own.has(SpecLabels.NAMESPACE)
                ? own
                : own.toBuilder()
                        .set(SpecLabels.NAMESPACE, "{{ or $labels.namespace \"" + id.namespace() + "\" }}")
                        .build();
    }

    /** A rule's own labels win over those of the result, so this label decides whom series and alerts belong to. */
    private Labels labels(@Nullable Map<String, String> labels) {
        Labels own = SpecLabels.of(labels);
        return mayClaim
                ? own
                : own.toBuilder().set(SpecLabels.NAMESPACE, id.namespace()).build();
    }
}
