// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one resource, and reads the kinds of values that several resources have. */
final class SpecProblems {
    private static final int SHOWN = 200;

    private final List<FieldProblem> problems = new ArrayList<>();
    private @Nullable RejectionReason reason;
    private boolean consentMissing;

    void add(RejectionReason problemReason, String path, String message) {
        if (reason == null) {
            reason = problemReason;
        }
        consentMissing |= problemReason == RejectionReason.CONSENT_MISSING;
        problems.add(new FieldProblem(path, message));
    }

    void invalid(String path, String message) {
        add(RejectionReason.INVALID_SPEC, path, message);
    }

    void consent(String path, String message, String consentField) {
        add(
                RejectionReason.CONSENT_MISSING,
                path,
                message + "; that needs the consent of the StorageVolume in spec.select." + consentField);
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** The refusal that follows; only where there are problems. */
    Verdict.Rejected rejected(long generation, boolean formerRuns) {
        RejectionReason first = reason == null ? RejectionReason.INVALID_SPEC : reason;
        return new Verdict.Rejected(generation, first, problems, formerRuns);
    }

    /** Whether one of the problems is that the StorageVolume does not consent. */
    boolean isConsentMissing() {
        return consentMissing;
    }

    /** A value as messages show it: in quotes and not too long. */
    static String shown(String value) {
        return '"' + (value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…") + '"';
    }

    /** A duration, none where the field is missing or wrong. */
    Optional<Duration> duration(String path, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofMillis(PromDuration.parse(text)));
        } catch (IllegalArgumentException _) {
            invalid(path, "not a duration, found " + shown(text) + "; write it like 30s, 5m or 1h30m");
            return Optional.empty();
        }
    }

    /** A duration that is more than zero. */
    Optional<Duration> positiveDuration(String path, @Nullable String text) {
        Optional<Duration> duration = duration(path, text);
        if (duration.isPresent() && duration.get().isZero()) {
            invalid(path, "must be more than zero, found " + shown(String.valueOf(text)) + "; write it like 30s");
            return Optional.empty();
        }
        return duration;
    }

    /** Checks the names of labels that a resource sets. */
    void labelNames(String path, @Nullable Map<String, String> labels) {
        if (labels == null) {
            return;
        }
        for (String name : labels.keySet()) {
            if (!SpecLabels.isSettable(name)) {
                invalid(
                        path,
                        "not the name of a label that can be set, found " + shown(name)
                                + "; letters, digits and underscores, not a digit first and not two underscores");
            }
        }
    }
}
