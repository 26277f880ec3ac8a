// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.storage.ReadMemoryException;
import dev.narthex.testkit.time.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuleManagerTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Labels INPUT = Labels.of("__name__", "m", "inst", "a");

    private final ManualScheduler scheduler = new ManualScheduler();
    private final FakeStorage storage = new FakeStorage();
    private final List<Alert> sent = new ArrayList<>();
    private RuleManager manager = manager();
    private double input = 1;

    private RuleManager manager() {
        return new RuleManager(new RuleServices(
                storage,
                storage,
                storage,
                sent::addAll,
                scheduler,
                RuleOptions.defaults("http://monitor.example/prom/")));
    }

    @BeforeEach
    void feed() {
        storage.add(INPUT, nowMs(), input);
        scheduler.schedule(Duration.ofSeconds(5), this::feed);
    }

    @AfterEach
    void noTaskFails() {
        assertThat(scheduler.failures()).isEmpty();
    }

    @Test
    void evaluatesEachGroupOnItsOwnSlotOfTheInterval() throws Exception {
        apply(group("a", recording("r1", "m")), group("b", recording("r2", "m")));
        scheduler.advance(INTERVAL.multipliedBy(3));
        for (String name : List.of("a", "b")) {
            GroupView group = view(name);
            assertThat(group.counters().iterations()).isEqualTo(3);
            assertThat(group.counters().evaluations()).isEqualTo(3);
            assertThat(group.counters().lastSamples()).isEqualTo(1);
            long slot = EvaluationSchedule.of("f", name, 60_000).offsetMs();
            assertThat(lastEvaluation(name).toEpochMilli() % 60_000).isEqualTo(slot);
        }
        assertThat(lastEvaluation("a")).isNotEqualTo(lastEvaluation("b"));
    }

    @Test
    void recordsNativeHistograms() throws Exception {
        FloatHistogram histogram = FloatHistogram.empty(0, 0.001, List.of());
        storage.histograms.put(Labels.of("__name__", "m", "a", "b"), histogram);
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        assertThat(storage.histograms).containsEntry(Labels.of("__name__", "r", "a", "b", "by", "rule"), histogram);
    }

    @Test
    void recordsUnderTheNewNameWithLabels() throws Exception {
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        assertThat(storage.samples("r")).hasSize(1).first().asString().startsWith("{by=\"rule\", inst=\"a\"}");
        assertThat(rule("a").evaluation().health()).isEqualTo(RuleHealth.OK);
    }

    @Test
    void endsSeriesThatAreNoLongerMade() throws Exception {
        apply(group("a", recording("r", "m > 0")));
        scheduler.advance(INTERVAL.multipliedBy(2));
        input = 0;
        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(storage.samples("r")).hasSize(3).last().asString().endsWith(" stale");
    }

    @Test
    void reportsWhyARuleFailsAndGoesOn() throws Exception {
        apply(group("a", recording("r", "m"), recording("s", "m")));
        storage.failure = "query timed out";
        scheduler.advance(INTERVAL);
        assertThat(rule("a").evaluation().health()).isEqualTo(RuleHealth.ERROR);
        assertThat(rule("a").evaluation().lastError()).isEqualTo("query timed out");
        assertThat(view("a").counters().failures()).isEqualTo(2);
        storage.failure = null;
        scheduler.advance(INTERVAL);
        assertThat(rule("a").evaluation().health()).isEqualTo(RuleHealth.OK);
        assertThat(rule("a").evaluation().lastError()).isEmpty();
        assertThat(storage.samples("r")).hasSize(1);
    }

    @Test
    void aStopWaitsForTheRuleThatIsEvaluatedAndForNoMore() throws Exception {
        List<Thread> closers = new ArrayList<>();
        storage.onQuery = () -> {
            Thread closer = new Thread(manager::close, "closer");
            closers.add(closer);
            closer.start();
            while (closer.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        };
        apply(group("a", recording("r", "m"), recording("s", "m"), recording("t", "m")));
        scheduler.advance(INTERVAL.multipliedBy(3));
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(closers).hasSize(1);
        assertThat(storage.samples("r")).hasSize(1);
        assertThat(storage.samples("s")).isEmpty();
    }

    @Test
    void refusesSeriesThatBecomeTheSame() throws Exception {
        storage.add(Labels.of("__name__", "m", "by", "other", "inst", "a"), nowMs(), 1);
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        assertThat(rule("a").evaluation().lastError())
                .isEqualTo("vector contains metrics with the same labelset after applying rule labels");
        assertThat(storage.samples("r")).isEmpty();
    }

    @Test
    void refusesMoreThanTheLimit() throws Exception {
        storage.add(Labels.of("__name__", "m", "inst", "b"), nowMs(), 1);
        apply(new RuleGroupConfig(
                "a", "f", null, Duration.ZERO, 1, Labels.EMPTY, List.of(recording("r", "m"), alerting("A", 0, 0))));
        scheduler.advance(INTERVAL);
        assertThat(view("a").rules())
                .extracting(rule -> rule.evaluation().lastError())
                .containsExactly("exceeded limit of 1 with 2 series", "exceeded limit of 1 with 2 alerts");
        assertThat(sent).isEmpty();
    }

    @Test
    void aBadTemplateOfAGroupIsToldByItsAlerts() throws Exception {
        apply(new RuleGroupConfig(
                "a", "f", null, Duration.ZERO, 0, Labels.of("l", "{{ nope }}"), List.of(alerting("A", 60, 0))));
        scheduler.advance(INTERVAL);
        assertThat(manager.alerts())
                .singleElement()
                .extracting(alert -> alert.labels().get("l"))
                .isEqualTo(
                        "<error expanding template: error parsing template __alert_A: template: __alert_A:1: function"
                                + " \"nope\" not defined>");
    }

    @Test
    void looksBackByTheQueryOffset() throws Exception {
        apply(new RuleGroupConfig(
                "a", "f", null, Duration.ofSeconds(30), 0, Labels.EMPTY, List.of(recording("r", "m"))));
        scheduler.advance(INTERVAL.multipliedBy(3));
        Instant last = lastEvaluation("a");
        assertThat(storage.samples("r"))
                .last()
                .isEqualTo("{by=\"rule\", inst=\"a\"} @" + last.minusSeconds(30).getEpochSecond() + " 1");
    }

    @Test
    void sendsFiringAlertsAgainAndTheirEndForAWhile() throws Exception {
        apply(group("a", alerting("A", 60, 0)));
        scheduler.advance(INTERVAL);
        assertThat(sent).isEmpty();
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.PENDING);
        scheduler.advance(INTERVAL);
        Instant firedAt = lastEvaluation("a");
        assertThat(sent)
                .containsExactly(new Alert(
                        Labels.of("alertname", "A", "inst", "a", "severity", "page", "region", "eu"),
                        Labels.of("summary", "a is 1"),
                        firedAt,
                        firedAt.plus(INTERVAL.multipliedBy(4)),
                        "http://monitor.example/prom/graph?g0.expr=m+%3E+0&g0.tab=1"));
        scheduler.advance(INTERVAL.multipliedBy(4));
        // Every second evaluation: one minute after the last sending is not yet more than the resend delay.
        assertThat(sent).hasSize(3);
        input = 0;
        sent.clear();
        scheduler.advance(INTERVAL);
        Instant endedAt = lastEvaluation("a");
        assertThat(sent).singleElement().satisfies(alert -> {
            assertThat(alert.startsAt()).isEqualTo(firedAt);
            assertThat(alert.endsAt()).isEqualTo(endedAt);
        });
        assertThat(manager.alerts()).isEmpty();
        scheduler.advance(Duration.ofMinutes(30));
        assertThat(sent)
                .hasSize(8)
                .allSatisfy(alert -> assertThat(alert.endsAt()).isEqualTo(endedAt));
    }

    @Test
    void leavesUnchangedGroupsUndisturbed() throws Exception {
        RuleGroupConfig kept = group("kept", alerting("A", 120, 0));
        apply(kept);
        scheduler.advance(INTERVAL.multipliedBy(2));
        GroupView before = view("kept");
        apply(group("new", recording("r", "m")), kept);
        assertThat(manager.groups()).extracting(GroupView::name).containsExactly("new", "kept");
        assertThat(view("kept")).isSameAs(before);
        scheduler.advance(INTERVAL);
        assertThat(view("kept").counters().iterations()).isEqualTo(3);
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.FIRING);
    }

    @Test
    void keepsAlertsAndSeriesOfAChangedGroup() throws Exception {
        apply(group("a", alerting("A", 120, 0), recording("r", "m"), recording("gone", "m")));
        scheduler.advance(INTERVAL.multipliedBy(2));
        apply(group("a", recording("r", "m"), alerting("A", 120, 0)));
        scheduler.advance(INTERVAL);
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.FIRING);
        assertThat(storage.samples("r")).hasSize(3).noneMatch(sample -> sample.endsWith("stale"));
        assertThat(storage.samples("gone")).hasSize(3).last().asString().endsWith(" stale");
    }

    @Test
    void endsSeriesOfARemovedGroup() throws Exception {
        apply(group("a", recording("r", "m"), alerting("A", 0, 0)));
        scheduler.advance(INTERVAL.multipliedBy(3));
        apply();
        assertThat(manager.groups()).isEmpty();
        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(storage.samples("r")).hasSize(4).last().asString().endsWith(" stale");
        // The first two evaluations make no such series: the state of before a restart is not restored yet.
        assertThat(storage.samples("ALERTS")).hasSize(2).last().asString().endsWith(" stale");
    }

    @Test
    void doesNotEndSeriesOfARuleThatMovedToAnotherGroup() throws Exception {
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        apply(group("b", recording("r", "m")));
        scheduler.advance(INTERVAL.multipliedBy(4));
        assertThat(storage.samples("r")).hasSizeGreaterThanOrEqualTo(4).noneMatch(sample -> sample.endsWith("stale"));
    }

    @Test
    void refusesAConfigurationThatCannotRunAsAWhole() throws Exception {
        apply(group("a", recording("r", "m")));
        RuleConfig badTemplate = new AlertingRuleConfig(
                "B", "m", Duration.ZERO, Duration.ZERO, Labels.of("l", "{{ nope }}"), Map.of("s", "{{ end }}"));
        assertThatThrownBy(() -> apply(
                        group("a", recording("r", "no(")), group("b", badTemplate), group("b", recording("x", "m"))))
                .isInstanceOfSatisfying(
                        RuleException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "f: group \"a\", rule 1, \"r\": could not parse expression: 1:1: parse error: unexpected no(",
                                        "f: group \"b\", rule 1, \"B\": label \"l\": template: __alert_B:1: function \"nope\" not defined",
                                        "f: group \"b\", rule 1, \"B\": annotation \"s\": template: __alert_B:1: unexpected {{end}}",
                                        "f: group \"b\": groupname: \"b\" is repeated in the same file"));
        scheduler.advance(INTERVAL);
        assertThat(storage.samples("r")).hasSize(1);
    }

    @Test
    void skipsEvaluationsThatALongOneHasMissed() throws Exception {
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        // The clock moves on by three intervals and a half while the second evaluation runs.
        storage.onQuery = () -> {
            storage.onQuery = () -> {};
            scheduler.manualClock().advance(Duration.ofSeconds(210));
        };
        scheduler.advance(INTERVAL);
        scheduler.runDue();
        GroupView.GroupCounters counters = view("a").counters();
        assertThat(counters.missed()).isEqualTo(2);
        assertThat(counters.iterations()).isEqualTo(5);
        assertThat(storage.samples("r")).hasSize(3);
    }

    @Test
    void goesOnWhenTheClockIsSetBack() throws Exception {
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL.multipliedBy(2));
        scheduler.manualClock().jumpTo(scheduler.clock().instant().minus(Duration.ofHours(5)));
        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(view("a").counters().iterations()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void stopsWhenClosed() throws Exception {
        apply(group("a", recording("r", "m")));
        scheduler.advance(INTERVAL);
        manager.close();
        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(storage.samples("r")).hasSize(1);
    }

    @Test
    void restoresAFiringAlertAfterARestart() throws Exception {
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(Duration.ofMinutes(20));
        Instant activeAt = manager.alerts().getFirst().activeAt();
        restart(Duration.ofMinutes(10));
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(manager.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.FIRING);
            assertThat(alert.activeAt()).isEqualTo(activeAt.truncatedTo(ChronoUnit.SECONDS));
        });
    }

    @Test
    void restoresAtALaterEvaluationWhereTheReadWasRefused() throws Exception {
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(Duration.ofMinutes(20));
        Instant activeAt = manager.alerts().getFirst().activeAt();
        restart(Duration.ofMinutes(10));
        storage.onSelect = () -> {
            storage.onSelect = () -> {};
            throw new ReadMemoryException("too much memory");
        };
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(INTERVAL.multipliedBy(2));
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.PENDING);
        scheduler.advance(INTERVAL.multipliedBy(2));
        assertThat(manager.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.FIRING);
            assertThat(alert.activeAt()).isEqualTo(activeAt.truncatedTo(ChronoUnit.SECONDS));
        });
    }

    @Test
    void doesNotCountTheOutageIntoTheForTime() throws Exception {
        apply(group("a", alerting("A", 3600, 0)));
        scheduler.advance(Duration.ofMinutes(20));
        Instant activeAt = manager.alerts().getFirst().activeAt();
        Instant downAt = lastEvaluation("a");
        restart(Duration.ofMinutes(10));
        apply(group("a", alerting("A", 3600, 0)));
        scheduler.advance(INTERVAL.multipliedBy(2));
        Instant restoredAt = lastEvaluation("a");
        assertThat(manager.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertState.PENDING);
            assertThat(Duration.between(activeAt.plus(Duration.between(downAt, restoredAt)), alert.activeAt()))
                    .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(1));
        });
        assertThat(storage.samples("ALERTS_FOR_STATE")).hasSize(18);
        scheduler.advance(INTERVAL);
        assertThat(storage.samples("ALERTS_FOR_STATE")).hasSize(19);
    }

    @Test
    void keepsARestoredAlertPendingForTheGracePeriod() throws Exception {
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(Duration.ofMinutes(12));
        restart(Duration.ofMinutes(2));
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(Duration.ofMinutes(9));
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.PENDING);
        scheduler.advance(Duration.ofMinutes(4));
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.FIRING);
    }

    @Test
    void doesNotRestoreAShortForTimeOrAnOldState() throws Exception {
        apply(group("a", alerting("Short", 300, 0), alerting("Long", 900, 0)));
        scheduler.advance(Duration.ofMinutes(20));
        restart(Duration.ofMinutes(70));
        apply(group("a", alerting("Short", 300, 0), alerting("Long", 900, 0)));
        scheduler.advance(Duration.ofMinutes(3));
        assertThat(manager.alerts())
                .extracting(AlertView::state)
                .containsExactly(AlertState.PENDING, AlertState.PENDING);
    }

    @Test
    void beginsAnewWhereTheStateOfBeforeCannotBeRead() throws Exception {
        apply(group("a", alerting("A", 900, 0)));
        scheduler.advance(Duration.ofMinutes(20));
        restart(Duration.ofMinutes(10));
        storage.onSelect = () -> {
            throw new IllegalStateException("damaged on purpose");
        };
        apply(group("a", alerting("A", 900, 0)));
        int before = storage.samples("ALERTS_FOR_STATE").size();
        scheduler.advance(INTERVAL.multipliedBy(4));
        assertThat(manager.alerts()).extracting(AlertView::state).containsExactly(AlertState.PENDING);
        assertThat(storage.samples("ALERTS_FOR_STATE").size()).isGreaterThan(before);
        assertThat(view("a").counters().iterations()).isEqualTo(4);
    }

    @Test
    void goesOnAfterAnEvaluationThatEndedInAnError() throws Exception {
        apply(group("a", recording("r", "m")));
        storage.onQuery = () -> {
            throw new OutOfMemoryError("on purpose");
        };
        scheduler.advance(INTERVAL);
        storage.onQuery = () -> {};
        scheduler.advance(INTERVAL.multipliedBy(2));
        assertThat(storage.samples("r")).hasSize(2);
        assertThat(view("a").counters().iterations()).isEqualTo(3);
        // The scheduler logs it.
        assertThat(scheduler.takeFailures())
                .hasOnlyElementsOfType(OutOfMemoryError.class)
                .hasSize(1);
    }

    private void restart(Duration outage) {
        manager.close();
        scheduler.advance(outage);
        sent.clear();
        manager = manager();
    }

    private void apply(RuleGroupConfig... groups) throws RuleException {
        manager.apply(List.of(groups), INTERVAL, Labels.of("region", "eu", "inst", "external"));
    }

    private GroupView view(String group) {
        return manager.groups().stream()
                .filter(view -> view.name().equals(group))
                .findFirst()
                .orElseThrow();
    }

    private Instant lastEvaluation(String group) {
        return Objects.requireNonNull(view(group).lastEvaluation());
    }

    private RuleView rule(String group) {
        return view(group).rules().getFirst();
    }

    private long nowMs() {
        return scheduler.clock().millis();
    }

    private static RuleGroupConfig group(String name, RuleConfig... rules) {
        return new RuleGroupConfig(name, "f", null, Duration.ZERO, 0, Labels.EMPTY, List.of(rules));
    }

    private static RuleConfig recording(String name, String expr) {
        return new RecordingRuleConfig(name, expr, Labels.of("by", "rule"));
    }

    private static RuleConfig alerting(String name, int forSeconds, int keepFiringSeconds) {
        return new AlertingRuleConfig(
                name,
                "m > 0",
                Duration.ofSeconds(forSeconds),
                Duration.ofSeconds(keepFiringSeconds),
                Labels.of("severity", "page"),
                Map.of("summary", "{{ $labels.inst }} is {{ $value }}"));
    }
}
