// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import dev.narthex.rules.AlertView;
import dev.narthex.rules.GroupView;
import dev.narthex.rules.RuleView;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/rules} and {@code /api/v1/alerts}. */
public final class RulesApi {
    private static final Comparator<GroupView> BY_FILE =
            Comparator.comparing(GroupView::file).thenComparing(GroupView::name);

    private final Supplier<List<GroupView>> groups;
    private final Supplier<List<AlertView>> alerts;

    public RulesApi(Supplier<List<GroupView>> groups, Supplier<List<AlertView>> alerts) {
        this.groups = groups;
        this.alerts = alerts;
    }

    /** {@code GET /api/v1/alerts}. */
    public Response alerts(Request request) {
        List<AlertView> active = alerts.get();
        return JsonEnvelope.success(json -> {
            json.beginObject().name("alerts");
            write(json, active);
            json.endObject();
        });
    }

    /**
     * {@code type}, {@code rule_name[]}, {@code rule_group[]}, {@code file[]}, {@code match[]}, {@code exclude_alerts},
     * {@code group_limit}, {@code group_next_token}.
     */
    public Response rules(Request request) {
        Filter filter = Filter.of(request);
        List<GroupView> shown = new ArrayList<>();
        for (GroupView group : groups.get().stream().sorted(BY_FILE).toList()) {
            GroupView kept = filter.apply(group);
            if (!kept.rules().isEmpty()) {
                shown.add(kept);
            }
        }
        Page page = Page.of(request, shown);
        return JsonEnvelope.success(json -> {
            json.beginObject().name("groups").beginArray();
            for (GroupView group : page.groups()) {
                write(json, group, filter.excludeAlerts());
            }
            json.endArray();
            if (page.nextToken() != null) {
                json.member("groupNextToken", page.nextToken());
            }
            json.endObject();
        });
    }

    /** Which rules are wanted; an empty list of names takes all. */
    private record Filter(
            boolean alerting,
            boolean recording,
            List<String> names,
            List<String> groupNames,
            List<String> files,
            List<List<LabelMatcher>> selectors,
            boolean excludeAlerts) {
        static Filter of(Request request) {
            Parameters.requireReadable(request);
            List<List<LabelMatcher>> selectors = Parameters.selectors(request, "");
            String type = request.parameter("type").toLowerCase(Locale.ROOT);
            if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
                throw ApiException.invalidParameter("type", "not supported value " + QuotedString.of(type));
            }
            return new Filter(
                    !type.equals("record"),
                    !type.equals("alert"),
                    request.parameters("rule_name[]"),
                    request.parameters("rule_group[]"),
                    request.parameters("file[]"),
                    selectors,
                    Parameters.bool(
                            "exclude_alerts",
                            request.parameter("exclude_alerts").toLowerCase(Locale.ROOT)));
        }

        GroupView apply(GroupView group) {
            boolean wanted = (groupNames.isEmpty() || groupNames.contains(group.name()))
                    && (files.isEmpty() || files.contains(group.file()));
            List<RuleView> kept =
                    wanted ? group.rules().stream().filter(this::takes).toList() : List.of();
            return new GroupView(
                    group.name(),
                    group.file(),
                    group.interval(),
                    group.limit(),
                    group.queryOffset(),
                    kept,
                    group.evaluationTime(),
                    group.lastEvaluation(),
                    group.counters());
        }

        private boolean takes(RuleView rule) {
            boolean ofType = switch (rule) {
                case RuleView.Alerting _ -> alerting;
                case RuleView.Recording _ -> recording;
            };
            return ofType
                    && (names.isEmpty() || names.contains(rule.name()))
                    && (selectors.isEmpty()
                            || selectors.stream().anyMatch(matchers -> LabelMatcher.allMatch(matchers, rule.labels())));
        }
    }

    /** The groups of one answer, and where the next one begins. */
    private record Page(List<GroupView> groups, @Nullable String nextToken) {
        static Page of(Request request, List<GroupView> all) {
            String limitText = request.parameter("group_limit");
            String token = request.parameter("group_next_token");
            if (limitText.isEmpty()) {
                if (!token.isEmpty()) {
                    throw ApiException.invalidParameter(
                            "group_next_token", "group_limit needs to be present in order to paginate over the groups");
                }
                return new Page(all, null);
            }
            long limit = limit(limitText);
            int from = token.isEmpty() ? 0 : indexOf(all, token);
            int to = (int) Math.min(all.size(), from + limit);
            return new Page(all.subList(from, to), to < all.size() ? token(all.get(to)) : null);
        }

        private static int limit(String text) {
            int limit = (int) Parameters.integer(
                    "group_limit",
                    "group_limit needs to be a valid number: strconv.ParseInt",
                    text,
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE);
            if (limit <= 0) {
                throw ApiException.invalidParameter("group_limit", "group_limit needs to be greater than 0");
            }
            return limit;
        }

        private static int indexOf(List<GroupView> all, String token) {
            for (int i = 0; i < all.size(); i++) {
                if (token(all.get(i)).equals(token)) {
                    return i;
                }
            }
            throw ApiException.invalidParameter(
                    "group_next_token", "invalid group_next_token '" + token + "'. were rule groups changed?");
        }

        /** Names a group without showing how it is found again: clients are to pass it back as it is. */
        private static String token(GroupView group) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest((group.file() + ";" + group.name()).getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("SHA-256: every Java has it", e);
            }
        }
    }

    private static void write(JsonWriter json, GroupView group, boolean excludeAlerts) throws IOException {
        json.beginObject()
                .member("name", group.name())
                .member("file", group.file())
                .name("rules")
                .beginArray();
        for (RuleView rule : group.rules()) {
            json.beginObject();
            switch (rule) {
                case RuleView.Alerting alerting -> write(json, alerting, excludeAlerts);
                case RuleView.Recording recording -> write(json, recording);
            }
            json.endObject();
        }
        json.endArray()
                .member("interval", GoTime.seconds(group.interval()))
                .member("limit", group.limit())
                .member("evaluationTime", GoTime.seconds(group.evaluationTime()))
                .member("lastEvaluation", GoTime.format(group.lastEvaluation()))
                .endObject();
    }

    private static void write(JsonWriter json, RuleView.Alerting rule, boolean excludeAlerts) throws IOException {
        json.member("state", rule.state().text())
                .member("name", rule.name())
                .member("query", rule.query())
                .member("duration", GoTime.seconds(rule.forDuration()))
                .member("keepFiringFor", GoTime.seconds(rule.keepFiringFor()))
                .name("labels")
                .labels(rule.labels())
                .name("annotations")
                .labels(Labels.of(rule.annotations()));
        json.name("alerts");
        if (excludeAlerts) {
            json.nullValue();
        } else {
            write(json, rule.alerts());
        }
        write(json, rule.evaluation());
        json.member("type", "alerting");
    }

    private static void write(JsonWriter json, RuleView.Recording rule) throws IOException {
        json.member("name", rule.name()).member("query", rule.query());
        json.name("labels").labels(rule.labels());
        write(json, rule.evaluation());
        json.member("type", "recording");
    }

    private static void write(JsonWriter json, RuleView.RuleEvaluation evaluation) throws IOException {
        json.member("health", evaluation.health().text());
        if (!evaluation.lastError().isEmpty()) {
            json.member("lastError", evaluation.lastError());
        }
        json.member("evaluationTime", GoTime.seconds(evaluation.duration()))
                .member("lastEvaluation", GoTime.format(evaluation.at()));
    }

    private static void write(JsonWriter json, List<AlertView> alerts) throws IOException {
        json.beginArray();
        for (AlertView alert : alerts) {
            json.beginObject()
                    .name("labels")
                    .labels(alert.labels())
                    .name("annotations")
                    .labels(alert.annotations())
                    .member("state", alert.state().text())
                    .member("activeAt", GoTime.format(alert.activeAt()));
            Instant keepFiringSince = alert.keepFiringSince();
            if (keepFiringSince != null) {
                json.member("keepFiringSince", GoTime.format(keepFiringSince));
            }
            json.member("value", GoFloat.scientific(alert.value())).endObject();
        }
        json.endArray();
    }
}
