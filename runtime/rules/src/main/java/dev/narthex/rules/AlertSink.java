// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Alert;
import java.util.List;

/** Where alerting rules send their alerts. Safe for use by many threads. */
@FunctionalInterface
public interface AlertSink {
    /**
     * Takes alerts that fire or have ended. An alert that goes on firing comes again and again, each time with a later
     * end.
     */
    void send(List<Alert> alerts);
}
