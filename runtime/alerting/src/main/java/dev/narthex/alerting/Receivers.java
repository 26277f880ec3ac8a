// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.config.IntegrationConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.WebhookConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The receivers of a configuration with their integrations. Immutable but for the counters. */
final class Receivers {
    private final Map<String, List<ReceiverIntegration>> byName;

    private Receivers(Map<String, List<ReceiverIntegration>> byName) {
        this.byName = byName;
    }

    static Receivers none() {
        return new Receivers(Map.of());
    }

    /** The receivers of a new configuration; integrations of the same place keep their counters. */
    static Receivers of(List<ReceiverConfig> configs, Receivers before, AlertingOptions options) {
        Map<String, List<ReceiverIntegration>> byName = LinkedHashMap.newLinkedHashMap(configs.size());
        for (ReceiverConfig config : configs) {
            List<ReceiverIntegration> integrations = new ArrayList<>();
            for (int i = 0; i < config.integrations().size(); i++) {
                IntegrationConfig integration = config.integrations().get(i);
                integrations.add(new ReceiverIntegration(
                        config.name(),
                        i,
                        integration,
                        integration(integration, options),
                        before.counters(config.name(), integration.type(), i)));
            }
            byName.put(config.name(), List.copyOf(integrations));
        }
        return new Receivers(byName);
    }

    private static Integration integration(IntegrationConfig config, AlertingOptions options) {
        return switch (config) {
            case WebhookConfig webhook -> new WebhookIntegration(webhook, options.http(), options.externalUrl());
        };
    }

    private IntegrationCounters counters(String receiver, String type, int index) {
        return integrations(receiver).stream()
                .filter(known -> known.index() == index && known.config().type().equals(type))
                .map(ReceiverIntegration::counters)
                .findFirst()
                .orElseGet(IntegrationCounters::new);
    }

    /** The integrations of a receiver, none where there is no such receiver. */
    List<ReceiverIntegration> integrations(String receiver) {
        return byName.getOrDefault(receiver, List.of());
    }

    int size() {
        return byName.size();
    }

    boolean has(String receiver) {
        return byName.containsKey(receiver);
    }

    /** Their names, in the order of the configuration. */
    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    List<IntegrationView> views() {
        return byName.values().stream()
                .flatMap(List::stream)
                .map(integration -> integration.counters().view(integration))
                .toList();
    }
}
