// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/** A named set of integrations; a notification goes to each of them. */
public record ReceiverConfig(String name, List<IntegrationConfig> integrations) {
    public ReceiverConfig {
        integrations = List.copyOf(integrations);
    }
}
