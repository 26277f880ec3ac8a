// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An alert of an alerting rule: pending, firing, or ended a short while ago. For use under the lock of its group. */
final class ActiveAlert {
    final Labels labels;
    Labels annotations;
    double value;
    AlertState state = AlertState.PENDING;
    Instant activeAt;

    @Nullable
    Instant firedAt;

    @Nullable
    Instant resolvedAt;

    @Nullable
    Instant keepFiringSince;

    @Nullable
    Instant lastSentAt;

    ActiveAlert(Labels labels, Labels annotations, double value, Instant activeAt) {
        this.labels = labels;
        this.annotations = annotations;
        this.value = value;
        this.activeAt = activeAt;
    }

    /** Whether it is time to send the alert: it fires or has ended, and was not sent since or not for a while. */
    boolean needsSending(Instant now, Duration resendDelay) {
        if (state == AlertState.PENDING) {
            return false;
        }
        if (lastSentAt == null || (resolvedAt != null && resolvedAt.isAfter(lastSentAt))) {
            return true;
        }
        return lastSentAt.plus(resendDelay).isBefore(now);
    }

    AlertView view() {
        return new AlertView(labels, annotations, state, activeAt, keepFiringSince, value);
    }
}
