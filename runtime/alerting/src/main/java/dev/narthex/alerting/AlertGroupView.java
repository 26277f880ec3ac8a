// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import java.util.List;

/**
 * An aggregation group.
 *
 * @param receiver the receiver's name
 * @param key in Alertmanager's form
 * @param labels the labels that the alerts are grouped by
 * @param alerts those that have not ended, in the order in which notifications show them
 */
public record AlertGroupView(String receiver, String key, Labels labels, List<AlertView> alerts) {
    public AlertGroupView {
        alerts = List.copyOf(alerts);
    }
}
