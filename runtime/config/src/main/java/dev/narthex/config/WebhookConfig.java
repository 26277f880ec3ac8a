// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;

/**
 * One entry of {@code webhook_configs}.
 *
 * @param url where the notification is posted to
 * @param maxAlerts most alerts in a notification, 0 for all
 * @param timeout how long a delivery may take, zero for no limit but that of the notification
 */
public record WebhookConfig(Secret url, boolean sendResolved, int maxAlerts, Duration timeout)
        implements IntegrationConfig {
    @Override
    public String type() {
        return "webhook";
    }
}
