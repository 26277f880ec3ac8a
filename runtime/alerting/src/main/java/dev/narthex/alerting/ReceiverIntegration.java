// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.config.IntegrationConfig;

/**
 * An integration in its place.
 *
 * @param receiver the receiver's name
 * @param index the position among the receiver's integrations
 * @param config what it was made of
 * @param integration delivers
 * @param counters of its deliveries, which live on under a new configuration
 */
record ReceiverIntegration(
        String receiver, int index, IntegrationConfig config, Integration integration, IntegrationCounters counters) {
    String logKey(String groupKey) {
        return NotificationLog.key(groupKey, receiver, config.type(), index);
    }
}
