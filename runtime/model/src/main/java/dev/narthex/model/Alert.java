// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.time.Instant;

/**
 * An alert on its way from a rule to a receiver: the form in which rules hand it over and Alertmanager's API takes it.
 * Two alerts are the same alert when their labels are equal.
 *
 * @param labels identify the alert; {@code alertname} among them
 * @param annotations text for people
 * @param startsAt when it began to fire
 * @param endsAt when it ended, or when it is to be taken as ended unless it is sent again before
 * @param generatorUrl where its expression can be looked at, empty where there is no such place
 */
public record Alert(Labels labels, Labels annotations, Instant startsAt, Instant endsAt, String generatorUrl) {
    public static final String NAME_LABEL = "alertname";

    public String name() {
        return labels.getOrEmpty(NAME_LABEL);
    }

    /** Whether the alert has ended at a moment: its end is not after it. */
    public boolean isResolvedAt(Instant now) {
        return !endsAt.isAfter(now);
    }
}
