// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import java.util.ArrayList;
import java.util.List;

/**
 * What tells aggregation groups apart.
 *
 * @param route the settings of their route
 * @param labels the labels that all alerts of the group share
 */
record GroupKey(Route.Settings route, Labels labels) {
    /** Alertmanager's form: {@code {}/{severity="page"}:{alertname="ShopDown"}}. */
    String text() {
        List<String> shown = new ArrayList<>(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            shown.add(labels.name(i) + "=" + QuotedString.of(labels.value(i)));
        }
        shown.sort(null);
        return route.key() + ":{" + String.join(", ", shown) + "}";
    }
}
