// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All alerts by their labels, those that have ended among them until they are collected. Guarded by its user. */
final class AlertStore {
    private final Map<Labels, StoredAlert> alerts = new HashMap<>();

    /** Takes an alert in and returns what it has become together with what was known of it. */
    StoredAlert put(StoredAlert alert, Instant now) {
        StoredAlert former = alerts.get(alert.labels());
        StoredAlert merged = former != null && alert.continues(former) ? alert.mergedWith(former, now) : alert;
        alerts.put(merged.labels(), merged);
        return merged;
    }

    List<StoredAlert> all() {
        return new ArrayList<>(alerts.values());
    }

    /** Forgets alerts that have ended. */
    void collect(Instant now) {
        alerts.values().removeIf(alert -> alert.isResolvedAt(now));
    }
}
