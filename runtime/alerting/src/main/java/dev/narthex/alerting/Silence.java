// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Alerts that nobody is to be notified of for a while.
 *
 * @param id a UUID; empty for one that is to be made
 * @param matchers which alerts: those whose labels meet all of them
 * @param endsAt the first moment at which it does not hold any more
 * @param annotations further texts by name
 */
public record Silence(
        String id,
        List<LabelMatcher> matchers,
        Instant startsAt,
        Instant endsAt,
        Instant updatedAt,
        String createdBy,
        String comment,
        Map<String, String> annotations) {
    public Silence {
        matchers = List.copyOf(matchers);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    public SilenceState state(Instant now) {
        if (now.isBefore(startsAt)) {
            return SilenceState.PENDING;
        }
        return now.isBefore(endsAt) ? SilenceState.ACTIVE : SilenceState.EXPIRED;
    }

    boolean matches(Labels labels) {
        return LabelMatcher.allMatch(matchers, labels);
    }

    Silence with(String newId, Instant newStart, Instant now) {
        return new Silence(newId, matchers, newStart, endsAt, now, createdBy, comment, annotations);
    }

    /** The same at its end: one that had not begun has no time at all. */
    Silence endedAt(Instant now) {
        Instant start = startsAt.isAfter(now) ? now : startsAt;
        return new Silence(id, matchers, start, now, now, createdBy, comment, annotations);
    }
}
