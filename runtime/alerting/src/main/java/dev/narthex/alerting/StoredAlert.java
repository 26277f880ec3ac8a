// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import java.time.Instant;

/**
 * An alert with what is known of its updates.
 *
 * @param endsByTimeout whether its end is only assumed, since nobody has said one
 * @param updatedAt when it last came in
 */
record StoredAlert(Alert alert, boolean endsByTimeout, Instant updatedAt) {
    Labels labels() {
        return alert.labels();
    }

    boolean isResolvedAt(Instant now) {
        return alert.isResolvedAt(now);
    }

    /** Whether the alert goes on from an earlier one: their times overlap. */
    boolean continues(StoredAlert former) {
        return isInside(alert.endsAt(), former.alert) || isInside(alert.startsAt(), former.alert);
    }

    private static boolean isInside(Instant time, Alert alert) {
        return time.isAfter(alert.startsAt()) && time.isBefore(alert.endsAt());
    }

    /**
     * This alert with the times of both: it began when the first of them began. Its end is its own, unless the other's
     * is later and says more: an end that somebody has given counts more than an assumed one.
     */
    StoredAlert mergedWith(StoredAlert former, Instant now) {
        Alert before = former.alert;
        Instant startsAt = before.startsAt().isBefore(alert.startsAt()) ? before.startsAt() : alert.startsAt();
        boolean formerIsLater = before.endsAt().isAfter(alert.endsAt());
        boolean takesFormerEnd = alert.isResolvedAt(now)
                ? before.isResolvedAt(now) && formerIsLater
                : formerIsLater && !former.endsByTimeout;
        Instant endsAt = takesFormerEnd ? before.endsAt() : alert.endsAt();
        return new StoredAlert(
                new Alert(alert.labels(), alert.annotations(), startsAt, endsAt, alert.generatorUrl()),
                endsByTimeout,
                updatedAt);
    }
}
