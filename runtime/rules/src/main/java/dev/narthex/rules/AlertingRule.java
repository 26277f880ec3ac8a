// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.rules.RuleView.RuleEvaluation;
import dev.narthex.template.AlertTemplate;
import dev.narthex.template.AlertTemplateValues;
import dev.narthex.template.TemplateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns each series of its expression's result into an alert: pending while its {@code for} time runs, then firing, and
 * after its end kept for a while so that its receivers hear of the end (Prometheus documentation, "Alerting rules").
 */
final class AlertingRule implements Rule {
    static final String ALERTS = "ALERTS";
    static final String ALERTS_FOR_STATE = "ALERTS_FOR_STATE";
    static final String STATE_LABEL = "alertstate";

    /** How long an alert that has ended is sent again, in case its receiver was away. */
    private static final Duration RESOLVED_RETENTION = Duration.ofMinutes(15);

    private static final Logger log = Logger.getLogger(AlertingRule.class);

    private final AlertingRuleConfig config;
    private final String query;
    private final Labels labels;
    private final Map<String, AlertTemplate> labelTemplates = new TreeMap<>();
    /** Labels of the group whose templates cannot be parsed: what stands in their place. */
    private final Map<String, String> brokenLabels = new TreeMap<>();

    private final Map<String, AlertTemplate> annotationTemplates = new TreeMap<>();
    private final RuleContext context;
    private final Map<Labels, ActiveAlert> active = new LinkedHashMap<>();
    private RuleEvaluation evaluation = RuleEvaluation.NONE;
    private boolean restored;

    /**
     * Makes the rule; the context's external labels and address go into its templates.
     *
     * @param restored false where the state of before a restart is still to be restored; no series are written until
     *     then, since they would hide it
     * @throws TemplateException when a template cannot be parsed
     */
    AlertingRule(AlertingRuleConfig config, Labels groupLabels, RuleContext context, boolean restored) {
        this.config = config;
        this.query = context.queries().normalize(config.expr());
        this.labels = Rule.labels(groupLabels, config);
        this.context = context;
        this.restored = restored;
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            try {
                labelTemplates.put(name, AlertTemplate.parse(config.alert(), labels.value(i)));
            } catch (TemplateException e) {
                if (config.labels().get(name) != null) {
                    throw e;
                }
                brokenLabels.put(
                        name,
                        "<error expanding template: error parsing template __alert_" + config.alert() + ": "
                                + e.getMessage() + ">");
            }
        }
        config.annotations()
                .forEach((name, text) -> annotationTemplates.put(name, AlertTemplate.parse(config.alert(), text)));
    }

    @Override
    public String name() {
        return config.alert();
    }

    @Override
    public Labels labels() {
        return labels;
    }

    Duration forDuration() {
        return config.forDuration();
    }

    List<ActiveAlert> active() {
        return List.copyOf(active.values());
    }

    boolean isRestored() {
        return restored;
    }

    void setRestored() {
        restored = true;
    }

    /** Takes over the alerts of the rule that this one replaces. */
    void takeStateOf(AlertingRule former) {
        active.putAll(former.active);
        evaluation = former.evaluation;
        restored = former.restored;
    }

    @Override
    public List<Output> evaluate(long timestampMs, long queryTimestampMs, int limit) {
        Instant now = Instant.ofEpochMilli(timestampMs);
        Map<Labels, ActiveAlert> found = found(context.queries().query(query, queryTimestampMs), now);
        found.forEach((identity, alert) -> {
            ActiveAlert known = active.get(identity);
            if (known == null || known.state == AlertState.INACTIVE) {
                active.put(identity, alert);
            } else {
                known.value = alert.value;
                known.annotations = alert.annotations;
            }
        });
        List<Output> outputs = new ArrayList<>();
        int count = 0;
        for (Iterator<ActiveAlert> all = active.values().iterator(); all.hasNext(); ) {
            ActiveAlert alert = all.next();
            if (found.containsKey(alert.labels)) {
                alert.keepFiringSince = null;
            } else if (!keepsFiring(alert, now)) {
                if (isForgotten(alert, now)) {
                    all.remove();
                }
                end(alert, now);
                continue;
            }
            count++;
            if (alert.state == AlertState.PENDING
                    && !alert.activeAt.plus(config.forDuration()).isAfter(now)) {
                alert.state = AlertState.FIRING;
                alert.firedAt = now;
            }
            if (restored) {
                addOutputs(outputs, alert);
            }
        }
        if (limit > 0 && count > limit) {
            active.clear();
            throw new IllegalArgumentException("exceeded limit of " + limit + " with " + count + " alerts");
        }
        return outputs;
    }

    private Map<Labels, ActiveAlert> found(List<QueryFunction.Sample> vector, Instant now) {
        Map<Labels, ActiveAlert> found = LinkedHashMap.newLinkedHashMap(vector.size());
        for (QueryFunction.Sample sample : vector) {
            AlertTemplateValues values =
                    new AlertTemplateValues(sample.labels(), context.externalLabels(), sample.value());
            LabelsBuilder builder = sample.labels().toBuilder().remove(Labels.METRIC_NAME);
            config.removedLabels().forEach(builder::remove);
            labelTemplates.forEach((name, template) -> builder.set(name, expand(template, values, now)));
            brokenLabels.forEach((name, text) -> builder.set(name, failed(text)));
            Labels identity = builder.set(Alert.NAME_LABEL, config.alert()).build();
            LabelsBuilder annotations = Labels.builder();
            annotationTemplates.forEach((name, template) -> annotations.set(name, expand(template, values, now)));
            ActiveAlert alert = new ActiveAlert(identity, annotations.build(), sample.value(), now);
            if (found.put(identity, alert) != null) {
                throw new IllegalArgumentException(
                        "vector contains metrics with the same labelset after applying alert labels");
            }
        }
        return found;
    }

    private String failed(String text) {
        context.observer().templateExpanded(false);
        log.warnf("alert template failed alert=%s err=%s", config.alert(), text);
        return text;
    }

    private String expand(AlertTemplate template, AlertTemplateValues values, Instant now) {
        try {
            String text = context.expander().expand(template, values, now.toEpochMilli());
            context.observer().templateExpanded(true);
            return text;
        } catch (TemplateException e) {
            context.observer().templateExpanded(false);
            log.warnf("alert template failed alert=%s err=%s", config.alert(), e.getMessage());
            return "<error expanding template: error executing template __alert_" + config.alert() + ": "
                    + e.getMessage() + ">";
        }
    }

    private boolean keepsFiring(ActiveAlert alert, Instant now) {
        if (alert.state != AlertState.FIRING || config.keepFiringFor().isZero()) {
            return false;
        }
        if (alert.keepFiringSince == null) {
            alert.keepFiringSince = now;
        }
        return Duration.between(alert.keepFiringSince, now).compareTo(config.keepFiringFor()) < 0;
    }

    private static boolean isForgotten(ActiveAlert alert, Instant now) {
        return alert.state == AlertState.PENDING
                || (alert.resolvedAt != null
                        && alert.resolvedAt.plus(RESOLVED_RETENTION).isBefore(now));
    }

    private static void end(ActiveAlert alert, Instant now) {
        if (alert.state != AlertState.INACTIVE) {
            alert.state = AlertState.INACTIVE;
            alert.resolvedAt = now;
        }
    }

    private void addOutputs(List<Output> outputs, ActiveAlert alert) {
        outputs.add(new Output(
                alert.labels.toBuilder()
                        .set(Labels.METRIC_NAME, ALERTS)
                        .set(STATE_LABEL, alert.state.text())
                        .build(),
                1));
        outputs.add(new Output(
                alert.labels.toBuilder()
                        .set(Labels.METRIC_NAME, ALERTS_FOR_STATE)
                        .build(),
                alert.activeAt.getEpochSecond()));
    }

    /** The alerts that are to be sent now; they count as sent. */
    List<Alert> due(Instant now, Duration resendDelay, Duration interval) {
        List<Alert> due = new ArrayList<>();
        // Long enough that three lost sendings in a row do not end the alert at its receiver.
        Instant validUntil = now.plus((interval.compareTo(resendDelay) > 0 ? interval : resendDelay).multipliedBy(4));
        for (ActiveAlert alert : active.values()) {
            if (alert.needsSending(now, resendDelay)) {
                alert.lastSentAt = now;
                due.add(sent(alert, validUntil));
            }
        }
        return due;
    }

    private Alert sent(ActiveAlert alert, Instant validUntil) {
        LabelsBuilder all = alert.labels.toBuilder();
        Labels external = context.externalLabels();
        for (int i = 0; i < external.size(); i++) {
            all.setIfAbsent(external.name(i), external.value(i));
        }
        @Nullable Instant resolvedAt = alert.resolvedAt;
        return new Alert(
                all.build(),
                alert.annotations,
                alert.firedAt == null ? alert.activeAt : alert.firedAt,
                resolvedAt == null ? validUntil : resolvedAt,
                context.generatorUrl(query));
    }

    @Override
    public void evaluated(RuleEvaluation last) {
        evaluation = last;
    }

    @Override
    public RuleView view() {
        List<AlertView> alerts = active.values().stream()
                .filter(alert -> alert.state != AlertState.INACTIVE)
                .map(ActiveAlert::view)
                .toList();
        AlertState state = alerts.stream()
                .map(AlertView::state)
                .max(Comparator.naturalOrder())
                .orElse(AlertState.INACTIVE);
        return new RuleView.Alerting(
                config.alert(),
                query,
                labels,
                evaluation,
                config.forDuration(),
                config.keepFiringFor(),
                config.annotations(),
                state,
                alerts);
    }
}
