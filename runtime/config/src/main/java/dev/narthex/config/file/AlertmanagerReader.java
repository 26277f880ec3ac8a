// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.IntegrationConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.WebhookConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.LabelNames;
import dev.narthex.model.MatchOp;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads an alertmanager.yml (Alertmanager documentation, "Configuration"). */
final class AlertmanagerReader {
    private static final String GROUP_BY_ALL = "...";
    private static final Set<String> UPSTREAM =
            Set.of("templates", "inhibit_rules", "mute_time_intervals", "time_intervals", "tracing");
    private static final Set<String> GLOBAL_UPSTREAM = Set.of(
            "http_config",
            "smtp_from",
            "smtp_hello",
            "smtp_smarthost",
            "smtp_auth_username",
            "smtp_auth_password",
            "smtp_auth_password_file",
            "smtp_auth_secret",
            "smtp_auth_secret_file",
            "smtp_auth_identity",
            "smtp_require_tls",
            "smtp_tls_config",
            "smtp_force_implicit_tls",
            "slack_api_url",
            "slack_api_url_file",
            "slack_app_token",
            "slack_app_token_file",
            "slack_app_url",
            "pagerduty_url",
            "opsgenie_api_url",
            "opsgenie_api_key",
            "opsgenie_api_key_file",
            "wechat_api_url",
            "wechat_api_secret",
            "wechat_api_secret_file",
            "wechat_api_corp_id",
            "victorops_api_url",
            "victorops_api_key",
            "victorops_api_key_file",
            "telegram_api_url",
            "telegram_bot_token",
            "telegram_bot_token_file",
            "webex_api_url",
            "rocketchat_api_url",
            "rocketchat_token",
            "rocketchat_token_file",
            "rocketchat_token_id",
            "rocketchat_token_id_file",
            "jira_api_url",
            "mattermost_webhook_url",
            "mattermost_webhook_url_file");
    private static final Set<String> ROUTE_UPSTREAM = Set.of("mute_time_intervals", "active_time_intervals", "labels");
    private static final Set<String> RECEIVER_UPSTREAM = Set.of(
            "labels",
            "discord_configs",
            "email_configs",
            "incidentio_configs",
            "jira_configs",
            "mattermost_configs",
            "msteams_configs",
            "msteamsv2_configs",
            "opsgenie_configs",
            "pagerduty_configs",
            "pushover_configs",
            "rocketchat_configs",
            "slack_configs",
            "sns_configs",
            "telegram_configs",
            "victorops_configs",
            "webex_configs",
            "wechat_configs");
    private static final Set<String> WEBHOOK_UPSTREAM = Set.of("http_config", "url_file", "payload");

    private AlertmanagerReader() {}

    static AlertmanagerConfig read(MappingReader root) {
        MappingReader global = root.mapping("global");
        Duration resolveTimeout =
                ConfigValues.positiveDuration(global, "resolve_timeout", AlertmanagerConfig.DEFAULT_RESOLVE_TIMEOUT);
        global.finish(GLOBAL_UPSTREAM);
        List<ReceiverConfig> receivers = readReceivers(root);
        RouteConfig route = readRoot(root, names(receivers));
        root.finish(UPSTREAM);
        return new AlertmanagerConfig(resolveTimeout, route, receivers);
    }

    static RoutingFragment readRouting(MappingReader root) {
        int order = (int) root.integer(RoutingFragment.ORDER_FIELD, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        List<ReceiverConfig> receivers = readReceivers(root);
        RouteConfig route = readRoute(root.mapping("route"), names(receivers));
        if (route.receiver().isEmpty()) {
            root.report("route", "is missing, or has no receiver");
        }
        root.finish();
        return new RoutingFragment(order, route, receivers);
    }

    private static List<ReceiverConfig> readReceivers(MappingReader root) {
        List<ReceiverConfig> receivers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader entry : root.mappings("receivers")) {
            ReceiverConfig receiver = readReceiver(entry);
            if (!names.add(receiver.name())) {
                entry.report("name", "\"" + receiver.name() + "\" occurs twice; receiver names must be unique");
            }
            receivers.add(receiver);
        }
        return receivers;
    }

    private static Set<String> names(List<ReceiverConfig> receivers) {
        return receivers.stream().map(ReceiverConfig::name).collect(Collectors.toSet());
    }

    private static RouteConfig readRoot(MappingReader root, Set<String> receivers) {
        if (!root.has("route")) {
            root.report("route", "is missing; a configuration needs a route with a receiver");
            return RouteConfig.root("");
        }
        MappingReader reader = root.mapping("route");
        RouteConfig route = readRoute(reader, receivers);
        if (route.receiver().isEmpty()) {
            reader.report("receiver", "is missing; the root route needs a receiver");
        }
        if (!route.matchers().isEmpty()) {
            reader.report("matchers", "the root route takes every alert; move matchers to a child route");
        }
        if (route.continueMatching()) {
            reader.report("continue", "the root route has no siblings; remove it");
        }
        return route;
    }

    /** Reads a route with its children; receivers must be among the given names. */
    private static RouteConfig readRoute(MappingReader reader, Set<String> receivers) {
        String receiver = reader.string("receiver", "");
        if (!receiver.isEmpty() && !receivers.contains(receiver)) {
            reader.report("receiver", "\"" + receiver + "\" is not among the receivers; define it or correct the name");
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        readLegacyMatchers(reader, "match", MatchOp.EQUAL, matchers);
        readLegacyMatchers(reader, "match_re", MatchOp.REGEX, matchers);
        for (String text : reader.strings("matchers")) {
            try {
                matchers.addAll(AlertMatchers.parse(text));
            } catch (IllegalArgumentException e) {
                reader.report("matchers", e.getMessage() == null ? "bad matcher" : e.getMessage());
            }
        }
        List<String> groupBy = reader.has("group_by") ? reader.strings("group_by") : null;
        boolean groupByAll = groupBy != null && groupBy.contains(GROUP_BY_ALL);
        checkGroupBy(reader, groupBy, groupByAll);
        Duration groupWait = ConfigValues.optionalDuration(reader, "group_wait");
        Duration groupInterval = positive(reader, "group_interval");
        Duration repeatInterval = positive(reader, "repeat_interval");
        boolean continueMatching = reader.bool("continue", false);
        List<RouteConfig> routes = new ArrayList<>();
        for (MappingReader child : reader.mappings("routes")) {
            routes.add(readRoute(child, receivers));
        }
        reader.finish(ROUTE_UPSTREAM);
        return new RouteConfig(
                receiver,
                matchers,
                groupByAll ? List.of() : groupBy,
                groupByAll,
                groupWait,
                groupInterval,
                repeatInterval,
                continueMatching,
                routes);
    }

    private static @Nullable Duration positive(MappingReader reader, String field) {
        Duration found = ConfigValues.optionalDuration(reader, field);
        if (found != null && found.isZero()) {
            reader.report(field, "cannot be zero");
        }
        return found;
    }

    private static void checkGroupBy(MappingReader reader, @Nullable List<String> groupBy, boolean all) {
        if (groupBy == null) {
            return;
        }
        if (all && groupBy.size() > 1) {
            reader.report("group_by", "cannot have " + GROUP_BY_ALL + " beside other labels");
        }
        Set<String> seen = new HashSet<>();
        for (String name : groupBy) {
            if (!seen.add(name)) {
                reader.report("group_by", "label \"" + name + "\" occurs twice");
            }
            if (!name.equals(GROUP_BY_ALL) && !LabelNames.isValidUtf8(name)) {
                reader.report(
                        "group_by",
                        "\"" + name + "\" is not a valid label name; a text in UTF-8 that is not empty is accepted");
            }
        }
    }

    private static void readLegacyMatchers(
            MappingReader reader, String field, MatchOp op, List<LabelMatcher> matchers) {
        for (Map.Entry<String, String> entry : reader.stringMap(field).entrySet()) {
            try {
                matchers.add(LabelMatcher.of(op, entry.getKey(), entry.getValue()));
            } catch (IllegalArgumentException e) {
                reader.report(field, entry.getKey() + ": " + e.getMessage());
            }
        }
    }

    private static ReceiverConfig readReceiver(MappingReader reader) {
        List<IntegrationConfig> integrations = new ArrayList<>();
        for (MappingReader entry : reader.mappings("webhook_configs")) {
            integrations.add(readWebhook(entry));
        }
        ReceiverConfig receiver = new ReceiverConfig(reader.required("name"), integrations);
        reader.finish(RECEIVER_UPSTREAM);
        return receiver;
    }

    private static WebhookConfig readWebhook(MappingReader reader) {
        String url = reader.required("url");
        if (!url.isEmpty() && !isHttpUrl(url)) {
            // The URL is a secret: it is not quoted.
            reader.report("url", "is not a URL with scheme http or https and a host");
        }
        WebhookConfig webhook = new WebhookConfig(
                new Secret(url),
                reader.bool("send_resolved", true),
                (int) reader.integer("max_alerts", 0, 0, Integer.MAX_VALUE),
                ConfigValues.duration(reader, "timeout", Duration.ZERO));
        reader.finish(WEBHOOK_UPSTREAM);
        return webhook;
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            return ("http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
