// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** One way to deliver a notification; each kind has its own record. */
public sealed interface IntegrationConfig permits WebhookConfig {
    /** The kind, as Alertmanager's metrics name it: {@code webhook}. */
    String type();

    /** Whether the end of alerts is notified too. */
    boolean sendResolved();
}
