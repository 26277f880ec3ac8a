// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.compile.Verdict;
import dev.narthex.crds.condition.Condition;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.ResourceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a ScrapeTarget, AlertRule or Receiver: whether it is valid, and whether it runs. */
final class ResourceConditions {
    private static final String SEPARATOR = "\n";

    private final long generation;
    private final List<VolumeView> views;
    private boolean passing;

    ResourceConditions(long generation, List<VolumeView> views) {
        this.generation = generation;
        this.views = views;
    }

    /** The conditions; {@link #isPassing} holds what it says after this call. */
    List<Condition> of(@Nullable List<Condition> former, Instant now) {
        Conditions conditions = new Conditions(former, generation, now);
        if (views.isEmpty()) {
            passing = true;
            conditions.add(
                    Conditions.READY,
                    false,
                    ConditionReason.NOT_SELECTED.text(),
                    "no StorageVolume selects this resource; make one, or look at spec.select of those there are");
            return conditions.toList();
        }
        List<Doubt> refusals = refusals();
        if (refusals.isEmpty()) {
            conditions.add(Conditions.ACCEPTED, true, ConditionReason.VALID.text(), "valid");
        } else {
            conditions.add(Conditions.ACCEPTED, false, refusals.getFirst().reason(), message(refusals));
        }
        List<Doubt> doubts = refusals.isEmpty() ? doubts() : refusals;
        if (doubts.isEmpty()) {
            conditions.add(
                    Conditions.READY,
                    true,
                    ConditionReason.RUNNING.text(),
                    "generation " + generation + " runs on "
                            + String.join(
                                    ", ", views.stream().map(VolumeView::volume).toList()));
        } else {
            conditions.add(Conditions.READY, false, doubts.getFirst().reason(), message(doubts));
        }
        return conditions.toList();
    }

    boolean isPassing() {
        return passing;
    }

    /** Why one StorageVolume keeps a condition from holding. */
    private record Doubt(String reason, String volume, String message) {}

    private List<Doubt> refusals() {
        List<Doubt> refusals = new ArrayList<>();
        for (VolumeView view : views) {
            if (view.verdict() instanceof Verdict.Rejected rejected) {
                String former = rejected.formerRuns() ? "\nThe former version still runs." : "";
                refusals.add(new Doubt(rejected.reason().text(), view.volume(), rejected.message() + former));
            }
        }
        return refusals;
    }

    private List<Doubt> doubts() {
        List<Doubt> doubts = new ArrayList<>();
        for (VolumeView view : views) {
            Doubt doubt = doubt(view);
            if (doubt != null) {
                doubts.add(doubt);
            }
        }
        return doubts;
    }

    private @Nullable Doubt doubt(VolumeView view) {
        ResourceReport report = view.report();
        if (view.answer() instanceof ReportAnswer.Unreachable unreachable) {
            return doubt(
                    ConditionReason.RUNTIME_UNREACHABLE, view, "the runtime does not answer: " + unreachable.reason());
        }
        if (report != null && !report.ok()) {
            return doubt(ConditionReason.REJECTED_BY_RUNTIME, view, report.message());
        }
        if (report == null
                || report.generation() != generation
                || view.verdict().generation() != generation) {
            return doubt(
                    ConditionReason.LOADING, view, view.volume() + " has not loaded generation " + generation + " yet");
        }
        return null;
    }

    private Doubt doubt(ConditionReason reason, VolumeView view, String message) {
        passing |= reason.isPassing();
        return new Doubt(reason.text(), view.volume(), message);
    }

    private String message(List<Doubt> doubts) {
        if (views.size() == 1) {
            return doubts.getFirst().message();
        }
        return String.join(
                SEPARATOR,
                doubts.stream()
                        .map(doubt -> "[" + doubt.volume() + "] " + doubt.message())
                        .toList());
    }
}
