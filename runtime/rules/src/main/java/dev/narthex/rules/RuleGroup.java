// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Scheduler;
import dev.narthex.rules.GroupView.GroupCounters;
import dev.narthex.rules.RuleView.RuleEvaluation;
import dev.narthex.storage.ReadMemoryException;
import dev.narthex.storage.SeriesLimitException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A running rule group: its rules evaluated in order, one evaluation after the other, on its own schedule. The lock of
 * the object guards the rules' state and is held during an evaluation; views are made after it, so that no reader waits.
 */
final class RuleGroup {
    private static final Logger log = Logger.getLogger(RuleGroup.class);

    /** A rule with the series that it makes. */
    private record Slot(RuleConfig config, Rule rule, RuleStorage storage) {}

    private final GroupSettings settings;
    private final RuleServices services;
    private final EvaluationSchedule schedule;
    private final List<Slot> slots = new ArrayList<>();
    private final Set<Labels> abandoned = new HashSet<>();

    private Scheduler.@Nullable Task next;
    private boolean stopped;
    /** Set without the lock, which an evaluation holds. */
    private volatile boolean canceled;

    private boolean started;
    private int evaluationsUntilRestore;
    private long dueMs;
    private Duration evaluationTime = Duration.ZERO;
    private @Nullable Instant lastEvaluation;
    private long iterations;
    private long missed;
    private long evaluations;
    private long failures;
    private long lastSamples;
    private long restoreNanos;
    private volatile GroupView view;

    /**
     * Makes a group that does not run yet.
     *
     * @param restores whether the state of before a restart is to be restored
     * @throws IllegalArgumentException when an expression is wrong
     * @throws dev.narthex.template.TemplateException when a template is wrong
     */
    RuleGroup(GroupSettings settings, RuleServices services, boolean restores) {
        this.settings = settings;
        this.services = services;
        RuleGroupConfig config = settings.config();
        this.schedule = EvaluationSchedule.of(
                config.file(), config.name(), settings.interval().toMillis());
        // The second evaluation sees what recording rules made in the first.
        this.evaluationsUntilRestore = restores ? 2 : 0;
        RuleContext context = RuleContext.of(
                services.queries().ofGroup(config.file(), config.name()),
                settings.externalLabels(),
                services.options().externalUrl(),
                services.observer());
        for (RuleConfig rule : config.rules()) {
            slots.add(new Slot(
                    rule, rule(rule, config.labels(), context, !restores), new RuleStorage(services.appendable())));
        }
        view = makeView();
    }

    private static Rule rule(RuleConfig config, Labels groupLabels, RuleContext context, boolean restored) {
        return switch (config) {
            case RecordingRuleConfig recording -> new RecordingRule(recording, groupLabels, context.queries());
            case AlertingRuleConfig alerting -> new AlertingRule(alerting, groupLabels, context, restored);
        };
    }

    GroupSettings settings() {
        return settings;
    }

    /** Takes over alerts and series of the group that this one replaces, rule by rule of the same name and labels. */
    synchronized void takeStateOf(RuleGroup former) {
        List<Slot> rest = new ArrayList<>(former.stopAndTakeSlots());
        evaluationsUntilRestore = former.evaluationsUntilRestore;
        for (Slot slot : slots) {
            rest.stream()
                    .filter(old -> isSame(old.rule(), slot.rule()))
                    .findFirst()
                    .ifPresent(old -> {
                        slot.storage().takeStateOf(old.storage());
                        if (slot.rule() instanceof AlertingRule now && old.rule() instanceof AlertingRule before) {
                            now.takeStateOf(before);
                        }
                        rest.remove(old);
                    });
        }
        rest.forEach(old -> abandoned.addAll(old.storage().series()));
        abandoned.addAll(former.abandoned);
        view = makeView();
    }

    private static boolean isSame(Rule before, Rule now) {
        return before.getClass().equals(now.getClass())
                && before.name().equals(now.name())
                && before.labels().equals(now.labels());
    }

    private synchronized List<Slot> stopAndTakeSlots() {
        stop();
        return slots;
    }

    synchronized void start() {
        if (!started && !stopped) {
            started = true;
            dueMs = schedule.after(services.clock().millis());
            scheduleNext();
        }
    }

    /** Lets an evaluation that runs end with the rule that it is at; for a group that is not to go on. */
    void cancel() {
        canceled = true;
    }

    /** Ends the schedule; an evaluation that runs is waited for. */
    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    /**
     * Stops a group that is gone for good, and ends its series after two intervals.
     *
     * @param stillMade the series that other groups make by then, to which its rules may have moved
     */
    void remove(Supplier<Set<Labels>> stillMade) {
        stop();
        services.scheduler().schedule(settings.interval().multipliedBy(2), () -> endSeries(stillMade.get()));
    }

    /** The series of the last evaluation. */
    synchronized Set<Labels> series() {
        Set<Labels> series = new HashSet<>();
        slots.forEach(slot -> series.addAll(slot.storage().series()));
        return series;
    }

    private synchronized void endSeries(Set<Labels> stillMade) {
        Set<Labels> series = series();
        series.addAll(abandoned);
        series.removeAll(stillMade);
        try {
            RuleStorage.end(services.appendable(), series, services.clock().millis());
        } catch (IOException | SeriesLimitException e) {
            log.warnf(
                    "staleness markers not written group=%s err=%s",
                    settings.config().name(), e.getMessage());
        }
    }

    private synchronized void scheduleNext() {
        if (!stopped) {
            long delayMs = dueMs - services.clock().millis();
            next = services.scheduler().schedule(Duration.ofMillis(delayMs), this::run);
        }
    }

    private synchronized void run() {
        if (stopped) {
            return;
        }
        iterations++;
        try {
            evaluate(dueMs);
            if (evaluationsUntilRestore > 0 && --evaluationsUntilRestore == 0) {
                restore();
            }
        } finally {
            // Whatever has ended it, such as too little memory: the group goes on.
            moveOn();
            view = makeView();
            scheduleNext();
        }
    }

    /** Sets when the next evaluation is due. */
    private void moveOn() {
        long nowMs = services.clock().millis();
        if (nowMs < dueMs) {
            // The clock was set back: nobody waits until the former time has come again.
            dueMs = schedule.after(nowMs);
        } else {
            // After a long evaluation the last time that has passed is made up for, those before it are not.
            long intervals = Math.max(1, (nowMs - dueMs) / schedule.intervalMs());
            missed += intervals - 1;
            iterations += intervals - 1;
            dueMs += intervals * schedule.intervalMs();
        }
    }

    /** Evaluates all rules at a time, in order. */
    synchronized void evaluate(long timestampMs) {
        long startNanos = services.ticker().nanos();
        lastSamples = 0;
        lastEvaluation = Instant.ofEpochMilli(timestampMs);
        for (Slot slot : slots) {
            if (canceled) {
                break;
            }
            evaluate(slot, timestampMs);
        }
        endAbandoned(timestampMs);
        evaluationTime = Duration.ofNanos(services.ticker().nanos() - startNanos);
        services.observer().groupEvaluated(evaluationTime.toNanos());
        view = makeView();
    }

    private void evaluate(Slot slot, long timestampMs) {
        RuleGroupConfig config = settings.config();
        long startNanos = services.ticker().nanos();
        long queryMs = timestampMs - config.queryOffset().toMillis();
        String error = "";
        try {
            List<Rule.Output> outputs = slot.rule().evaluate(timestampMs, queryMs, config.limit());
            if (slot.rule() instanceof AlertingRule alerting) {
                send(alerting, timestampMs);
            }
            slot.storage().store(slot.rule().name(), outputs, queryMs);
            lastSamples += outputs.size();
        } catch (IllegalArgumentException | IOException | SeriesLimitException e) {
            error = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            log.errorf(
                    e,
                    "rule evaluation failed group=%s rule=%s",
                    config.name(),
                    slot.rule().name());
            error = "unexpected failure: " + e;
        }
        evaluations++;
        if (!error.isEmpty()) {
            failures++;
            log.warnf(
                    "rule evaluation failed group=%s rule=%s err=%s",
                    config.name(), slot.rule().name(), error);
        }
        Duration duration = Duration.ofNanos(services.ticker().nanos() - startNanos);
        services.observer().ruleEvaluated(duration.toNanos());
        slot.rule()
                .evaluated(new RuleEvaluation(
                        error.isEmpty() ? RuleHealth.OK : RuleHealth.ERROR,
                        error,
                        duration,
                        Instant.ofEpochMilli(timestampMs)));
    }

    private void send(AlertingRule rule, long timestampMs) {
        List<Alert> due =
                rule.due(Instant.ofEpochMilli(timestampMs), services.options().resendDelay(), settings.interval());
        if (!due.isEmpty()) {
            services.sink().send(due);
        }
    }

    private void endAbandoned(long timestampMs) {
        if (abandoned.isEmpty()) {
            return;
        }
        for (Slot slot : slots) {
            abandoned.removeAll(slot.storage().series());
        }
        try {
            RuleStorage.end(
                    services.appendable(),
                    abandoned,
                    timestampMs - settings.config().queryOffset().toMillis());
            abandoned.clear();
        } catch (IOException | SeriesLimitException e) {
            log.warnf(
                    "staleness markers not written group=%s err=%s",
                    settings.config().name(), e.getMessage());
        }
    }

    private void restore() {
        long startNanos = services.ticker().nanos();
        ForStateRestorer restorer = new ForStateRestorer(services.queryable(), services.options());
        for (Slot slot : slots) {
            if (slot.rule() instanceof AlertingRule alerting && !alerting.isRestored()) {
                try {
                    restorer.restore(alerting, services.clock().instant());
                } catch (ReadMemoryException e) {
                    log.warnf(
                            "state of alerts not restored yet, the next evaluation tries again group=%s rule=%s err=%s",
                            settings.config().name(), alerting.name(), e.getMessage());
                    evaluationsUntilRestore = 1;
                } catch (RuntimeException e) {
                    log.errorf(
                            e,
                            "state of alerts not restored, they begin anew group=%s rule=%s",
                            settings.config().name(),
                            alerting.name());
                    alerting.setRestored();
                }
            }
        }
        restoreNanos = services.ticker().nanos() - startNanos;
        view = makeView();
    }

    /** The state after the last evaluation; does not wait for one that runs. */
    GroupView view() {
        return view;
    }

    private GroupView makeView() {
        RuleGroupConfig config = settings.config();
        return new GroupView(
                config.name(),
                config.file(),
                settings.interval(),
                config.limit(),
                config.queryOffset(),
                slots.stream().map(slot -> slot.rule().view()).toList(),
                evaluationTime,
                lastEvaluation,
                new GroupCounters(iterations, missed, evaluations, failures, lastSamples, restoreNanos));
    }
}
