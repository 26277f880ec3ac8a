// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.compile.FieldProblem;
import dev.narthex.crds.compile.RejectionReason;
import dev.narthex.crds.compile.Verdict;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.scrapetarget.ScrapeTargetStatus;
import dev.narthex.operator.TestManifests;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.ResourceReport;
import dev.narthex.operator.report.ResourceReport.Counts;
import dev.narthex.operator.report.ResourceReport.FailedTarget;
import dev.narthex.operator.report.ResourceReport.IntegrationReport;
import dev.narthex.operator.report.ResourceReport.NoCounts;
import dev.narthex.operator.report.ResourceReport.ReceiverCounts;
import dev.narthex.operator.report.ResourceReport.RuleCounts;
import dev.narthex.operator.report.ResourceReport.RuleReport;
import dev.narthex.operator.report.ResourceReport.TargetCounts;
import dev.narthex.operator.report.RuntimeReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResourceStatusTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00.5Z");
    private static final Instant LATER = Instant.parse("2026-01-01T10:05:00Z");
    private static final ReportAnswer ANSWERED =
            new ReportAnswer.Answered(new RuntimeReport(1, "", "", "", RuntimeReport.StorageReport.NONE, Map.of()));

    private static ScrapeTarget target(long generation) {
        ScrapeTarget target = TestManifests.read("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: web, namespace: shop}
                spec: {pods: {}}
                """).scrapeTargets().getFirst();
        target.getMetadata().setGeneration(generation);
        return target;
    }

    private static VolumeView running(String volume, long generation, Counts counts) {
        return new VolumeView(
                volume, new Verdict.Accepted(generation), ANSWERED, new ResourceReport(generation, true, "", counts));
    }

    private static VolumeView rejected(String volume, boolean formerRuns) {
        return new VolumeView(
                volume,
                new Verdict.Rejected(
                        2,
                        RejectionReason.INVALID_SPEC,
                        List.of(new FieldProblem("spec.a", "bad"), new FieldProblem("spec.b", "worse")),
                        formerRuns),
                ANSWERED,
                new ResourceReport(1, true, "", new NoCounts()));
    }

    private static String condition(@Nullable Conditioned status, String type) {
        List<Condition> conditions =
                Objects.requireNonNull(Objects.requireNonNull(status).getConditions());
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .map(condition -> condition.getStatus() + " " + condition.getReason() + ": " + condition.getMessage())
                .findFirst()
                .orElse("none");
    }

    @Test
    void readyMeansThatThisGenerationRuns() {
        var status = ScrapeTargetStatuses.of(target(2), List.of(running("m/main", 2, new NoCounts())), NOW);
        assertThat(condition(status.status(), "Accepted")).isEqualTo("True Valid: valid");
        assertThat(condition(status.status(), "Ready")).isEqualTo("True Running: generation 2 runs on m/main");
        assertThat(status.passing()).isFalse();
        assertThat(status.status().getObservedGeneration()).isEqualTo(2);
        assertThat(status.status().getStorageVolumes()).containsExactly("m/main");
    }

    @Test
    void olderGenerationIsLoading() {
        VolumeView behind = new VolumeView(
                "m/main", new Verdict.Accepted(2), ANSWERED, new ResourceReport(1, true, "", new NoCounts()));
        var status = ScrapeTargetStatuses.of(target(2), List.of(behind), NOW);
        assertThat(condition(status.status(), "Ready"))
                .isEqualTo("False Loading: m/main has not loaded generation 2 yet");
        assertThat(status.passing()).isTrue();
    }

    @Test
    void unknownToTheRuntimeIsLoading() {
        VolumeView unknown = new VolumeView("m/main", new Verdict.Accepted(2), ANSWERED, null);
        assertThat(condition(
                        ScrapeTargetStatuses.of(target(2), List.of(unknown), NOW)
                                .status(),
                        "Ready"))
                .startsWith("False Loading");
    }

    @Test
    void silentRuntimeIsSaid() {
        VolumeView silent = new VolumeView(
                "m/main", new Verdict.Accepted(2), new ReportAnswer.Unreachable("http://a: refused"), null);
        var status = ScrapeTargetStatuses.of(target(2), List.of(silent), NOW);
        assertThat(condition(status.status(), "Ready"))
                .isEqualTo("False RuntimeUnreachable: the runtime does not answer: http://a: refused");
        assertThat(status.passing()).isTrue();
    }

    @Test
    void refusalBeatsEverything() {
        var status = ScrapeTargetStatuses.of(target(2), List.of(rejected("m/main", true)), NOW);
        String message = "False InvalidSpec: spec.a: bad\nspec.b: worse\nThe former version still runs.";
        assertThat(condition(status.status(), "Accepted")).isEqualTo(message);
        assertThat(condition(status.status(), "Ready")).isEqualTo(message);
        assertThat(status.passing()).isFalse();
        assertThat(condition(
                        ScrapeTargetStatuses.of(target(2), List.of(rejected("m/main", false)), NOW)
                                .status(),
                        "Ready"))
                .doesNotContain("former");
    }

    @Test
    void runtimeMayRefuseToo() {
        VolumeView refused = new VolumeView(
                "m/main", new Verdict.Accepted(2), ANSWERED, new ResourceReport(1, false, "no way", new NoCounts()));
        assertThat(condition(
                        ScrapeTargetStatuses.of(target(2), List.of(refused), NOW)
                                .status(),
                        "Ready"))
                .isEqualTo("False RejectedByRuntime: no way");
    }

    @Test
    void nobodySelectsIt() {
        var status = ScrapeTargetStatuses.of(target(1), List.of(), NOW);
        assertThat(condition(status.status(), "Ready"))
                .isEqualTo("False NotSelected: no StorageVolume selects this resource; make one, or look at spec.select"
                        + " of those there are");
        assertThat(status.passing()).isTrue();
        assertThat(status.status().getStorageVolumes()).isNull();
    }

    @Test
    void oneOfTwoStorageVolumesIsNamed() {
        var status = ScrapeTargetStatuses.of(
                target(2), List.of(running("a/one", 2, new NoCounts()), rejected("b/two", false)), NOW);
        assertThat(condition(status.status(), "Ready"))
                .isEqualTo("False InvalidSpec: [b/two] spec.a: bad\nspec.b: worse");
    }

    @Test
    void conditionKeepsItsTransitionTimeWhileItsStatusStays() {
        ScrapeTarget target = target(2);
        ScrapeTargetStatus first = ScrapeTargetStatuses.of(target, List.of(running("m/main", 2, new NoCounts())), NOW)
                .status();
        target.setStatus(first);
        target.getMetadata().setGeneration(3L);
        ScrapeTargetStatus second = ScrapeTargetStatuses.of(
                        target, List.of(running("m/main", 2, new NoCounts())), LATER)
                .status();
        assertThat(Objects.requireNonNull(second.getConditions()))
                .extracting(Condition::getType, Condition::getStatus, Condition::getLastTransitionTime)
                .containsExactly(
                        tuple("Accepted", "True", "2026-01-01T10:00:00Z"),
                        tuple("Ready", "False", "2026-01-01T10:05:00Z"));
    }

    @Test
    void targetsAreSummedOverStorageVolumes() {
        TargetCounts one = new TargetCounts(3, 2, 1, 10, "", List.of(new FailedTarget("http://a", "x")));
        TargetCounts two = new TargetCounts(
                4,
                0,
                4,
                0,
                "refused",
                List.of(
                        new FailedTarget("http://b", "y"),
                        new FailedTarget("http://c", "y"),
                        new FailedTarget("http://d", "y")));
        ScrapeTargetStatus status = ScrapeTargetStatuses.of(
                        target(1), List.of(running("a/one", 1, one), running("b/two", 1, two)), NOW)
                .status();
        assertThat(status.getSource()).isEqualTo("pods");
        assertThat(status.getDiscovered()).isEqualTo(7);
        assertThat(status.getUp()).isEqualTo(2);
        assertThat(status.getDown()).isEqualTo(5);
        assertThat(status.getSamples()).isEqualTo(10);
        assertThat(status.getLastError()).isEqualTo("refused");
        assertThat(status.getWorst()).hasSize(3);
    }

    @Test
    void rulesAndAlertsAreCounted() {
        AlertRule rule = TestManifests.read("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: AlertRule
                metadata: {name: web, namespace: shop}
                spec: {rules: [{alert: Down, expr: up}, {record: r, expr: up}]}
                """).alertRules().getFirst();
        RuleCounts counts = new RuleCounts(
                2,
                1,
                1,
                List.of(
                        new RuleReport("Down", "alerting", "ok", "firing", 3, ""),
                        new RuleReport("r", "recording", "err", "", 0, "too many")));
        var status = AlertRuleStatuses.of(rule, List.of(running("m/main", 1, counts)), NOW)
                .status();
        assertThat(status.getRuleCount()).isEqualTo(2);
        assertThat(status.getFiring()).isEqualTo(2);
        assertThat(status.getPending()).isEqualTo(1);
        assertThat(status.getErrors()).isEqualTo(1);
        assertThat(Objects.requireNonNull(status.getRules())).hasSize(2).last().satisfies(last -> {
            assertThat(last.getState()).isNull();
            assertThat(last.getLastError()).isEqualTo("too many");
        });
    }

    @Test
    void deliveriesAreCounted() {
        Receiver receiver = TestManifests.read("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: Receiver
                metadata: {name: page, namespace: shop}
                spec: {webhook: [{url: 'http://a/'}, {url: 'http://b/'}]}
                """).receivers().getFirst();
        ReceiverCounts counts = new ReceiverCounts(List.of(
                new IntegrationReport("webhook", 5, 0, "", "2026-01-01T09:00:00Z"),
                new IntegrationReport("webhook", 1, 2, "answered 500", "")));
        var status = ReceiverStatuses.of(receiver, List.of(running("m/main", 1, counts)), NOW)
                .status();
        assertThat(status.getScope()).isEqualTo("Namespace");
        assertThat(status.getIntegrationCount()).isEqualTo(2);
        assertThat(status.getSent()).isEqualTo(6);
        assertThat(status.getFailed()).isEqualTo(2);
        assertThat(status.getLastError()).isEqualTo("answered 500");
        assertThat(Objects.requireNonNull(status.getIntegrations()))
                .hasSize(2)
                .last()
                .satisfies(last -> assertThat(last.getLastSuccess()).isNull());
    }

    @Test
    void longTextsAreCutToWhatTheSchemaTakes() {
        TargetCounts counts =
                new TargetCounts(1, 0, 1, 0, "e".repeat(2000), List.of(new FailedTarget("u".repeat(3000), "x")));
        ScrapeTargetStatus status = ScrapeTargetStatuses.of(target(1), List.of(running("m/main", 1, counts)), NOW)
                .status();
        assertThat(status.getLastError()).hasSize(1024).endsWith("…");
        assertThat(Objects.requireNonNull(status.getWorst()))
                .singleElement()
                .satisfies(worst -> assertThat(worst.getUrl()).hasSize(2048));
    }
}
