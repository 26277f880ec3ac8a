// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.alertrule.AlertRuleStatus;
import dev.narthex.crds.alertrule.RuleSpec;
import dev.narthex.crds.alertrule.RuleStatus;
import dev.narthex.operator.report.ResourceReport.RuleCounts;
import dev.narthex.operator.report.ResourceReport.RuleReport;
import java.time.Instant;
import java.util.List;

/** Computes the status of an AlertRule. */
public final class AlertRuleStatuses {
    private static final int MAX_NAME = 253;
    private static final int MAX_ERROR = 1024;
    private static final int MAX_RULES = 200;

    private AlertRuleStatuses() {}

    /**
     * The status.
     *
     * @param views of the storage volumes that select the resource
     */
    public static ComputedStatus<AlertRuleStatus> of(AlertRule rule, List<VolumeView> views, Instant now) {
        long generation = rule.getMetadata().getGeneration();
        AlertRuleStatus former = rule.getStatus();
        ResourceConditions conditions = new ResourceConditions(generation, views);
        AlertRuleStatus status = new AlertRuleStatus();
        status.setObservedGeneration(generation);
        status.setConditions(conditions.of(former == null ? null : former.getConditions(), now));
        List<RuleSpec> rules = rule.getSpec().getRules();
        status.setRuleCount(rules == null ? 0L : rules.size());
        status.setStorageVolumes(
                views.isEmpty() ? null : views.stream().map(VolumeView::volume).toList());
        count(status, views);
        return new ComputedStatus<>(status, conditions.isPassing());
    }

    private static void count(AlertRuleStatus status, List<VolumeView> views) {
        long firing = 0;
        long pending = 0;
        long errors = 0;
        boolean known = false;
        for (VolumeView view : views) {
            if (view.counts().orElse(null) instanceof RuleCounts counts) {
                firing += counts.firing();
                pending += counts.pending();
                errors += counts.errors();
                if (!known) {
                    status.setRules(counts.rules().stream()
                            .limit(MAX_RULES)
                            .map(AlertRuleStatuses::rule)
                            .toList());
                }
                known = true;
            }
        }
        if (known) {
            status.setFiring(firing);
            status.setPending(pending);
            status.setErrors(errors);
        }
    }

    private static RuleStatus rule(RuleReport report) {
        RuleStatus rule = new RuleStatus();
        rule.setName(Texts.atMost(MAX_NAME, report.name()));
        rule.setType(report.type());
        rule.setHealth(report.health());
        rule.setState(Texts.orNull(16, report.state()));
        rule.setActiveAlerts(report.activeAlerts());
        rule.setLastError(Texts.orNull(MAX_ERROR, report.lastError()));
        return rule;
    }
}
