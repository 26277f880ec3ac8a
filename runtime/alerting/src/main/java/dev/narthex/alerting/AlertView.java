// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Alert;
import java.time.Instant;
import java.util.List;

/**
 * An alert that has not ended, as it stands.
 *
 * @param updatedAt when it last came in
 * @param receivers the receiver of each route that takes it, in the order of the routing tree
 * @param silencedBy the silences that hold for it now, in order; empty where it is not silenced
 */
public record AlertView(Alert alert, Instant updatedAt, List<String> receivers, List<String> silencedBy) {
    public AlertView {
        receivers = List.copyOf(receivers);
        silencedBy = List.copyOf(silencedBy);
    }

    /** Alertmanager's short name of its labels, 16 hexadecimal digits. */
    public String fingerprint() {
        return Fingerprint.hex(alert.labels());
    }

    /** The same with other receivers. */
    public AlertView withReceivers(List<String> others) {
        return new AlertView(alert, updatedAt, others, silencedBy);
    }
}
