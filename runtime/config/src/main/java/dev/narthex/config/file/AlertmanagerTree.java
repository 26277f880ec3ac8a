// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.IntegrationConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.WebhookConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of an alertmanager.yml as trees of maps and lists. */
final class AlertmanagerTree {
    private final boolean showSecrets;

    AlertmanagerTree(boolean showSecrets) {
        this.showSecrets = showSecrets;
    }

    Map<String, Object> tree(AlertmanagerConfig config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("global", Map.of("resolve_timeout", PrometheusTree.duration(config.resolveTimeout())));
        tree.put("route", route(config.route()));
        tree.put("receivers", receivers(config.receivers()));
        return tree;
    }

    Map<String, Object> route(RouteConfig route) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!route.receiver().isEmpty()) {
            tree.put("receiver", route.receiver());
        }
        List<String> groupBy = route.groupBy();
        if (route.groupByAll()) {
            tree.put("group_by", List.of("..."));
        } else if (groupBy != null) {
            tree.put("group_by", groupBy);
        }
        if (route.continueMatching()) {
            tree.put("continue", true);
        }
        if (!route.matchers().isEmpty()) {
            tree.put(
                    "matchers",
                    route.matchers().stream().map(AlertMatchers::format).toList());
        }
        putDuration(tree, "group_wait", route.groupWait());
        putDuration(tree, "group_interval", route.groupInterval());
        putDuration(tree, "repeat_interval", route.repeatInterval());
        if (!route.routes().isEmpty()) {
            List<Object> children = new ArrayList<>();
            route.routes().forEach(child -> children.add(route(child)));
            tree.put("routes", children);
        }
        return tree;
    }

    List<Object> receivers(List<ReceiverConfig> receivers) {
        List<Object> trees = new ArrayList<>();
        for (ReceiverConfig receiver : receivers) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("name", receiver.name());
            List<Object> webhooks = new ArrayList<>();
            for (IntegrationConfig integration : receiver.integrations()) {
                switch (integration) {
                    case WebhookConfig webhook -> webhooks.add(webhook(webhook));
                }
            }
            if (!webhooks.isEmpty()) {
                tree.put("webhook_configs", webhooks);
            }
            trees.add(tree);
        }
        return trees;
    }

    private Map<String, Object> webhook(WebhookConfig webhook) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("send_resolved", webhook.sendResolved());
        tree.put("url", showSecrets ? webhook.url().value() : Secret.SHOWN);
        if (webhook.maxAlerts() > 0) {
            tree.put("max_alerts", webhook.maxAlerts());
        }
        if (!webhook.timeout().isZero()) {
            tree.put("timeout", PrometheusTree.duration(webhook.timeout()));
        }
        return tree;
    }

    private static void putDuration(Map<String, Object> tree, String field, @Nullable Duration duration) {
        if (duration != null) {
            tree.put(field, PrometheusTree.duration(duration));
        }
    }
}
