// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alert as others post it, who may leave out when it began or ends.
 *
 * @param startsAt null for now
 * @param endsAt null for when nobody has posted the alert for the resolve timeout
 * @param problem what is wrong with it that its labels cannot show; empty for nothing
 */
public record PostedAlert(
        Labels labels,
        Labels annotations,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        String generatorUrl,
        String problem) {
    /** An alert whose labels and annotations are as they were posted. */
    public PostedAlert(
            Labels labels,
            Labels annotations,
            @Nullable Instant startsAt,
            @Nullable Instant endsAt,
            String generatorUrl) {
        this(labels, annotations, startsAt, endsAt, generatorUrl, "");
    }
}
