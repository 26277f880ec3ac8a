// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.page;

import dev.narthex.alerting.IntegrationView;
import dev.narthex.model.Labels;
import dev.narthex.rules.AlertView;
import dev.narthex.rules.GroupView;
import dev.narthex.rules.RuleView;
import dev.narthex.scrape.TargetView;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.configuration.LoadedConfiguration;
import dev.narthex.server.http.Endpoint;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Targets, rules, alerts and notifications on one page that renews itself. */
public final class StatusPage implements Endpoint {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c1917;background:#fff}
            h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}small{color:#57534e;font-weight:400}
            table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600}
            th,td{padding:.25rem .6rem;border-bottom:1px solid #d6d3d1;vertical-align:top;overflow-wrap:anywhere}
            .up,.ok,.inactive,.delivered{color:#166534}.down,.err,.firing,.failed{color:#b91c1c;font-weight:600}
            .pending,.unknown,.waiting{color:#92400e}
            .problem{border-left:4px solid #b91c1c;padding:.4rem .8rem;background:#fef2f2;white-space:pre-wrap}
            @media (prefers-color-scheme:dark){body{background:#1c1917;color:#f5f5f4}small{color:#a8a29e}th,td{border-color:#44403c}
            .up,.ok,.inactive,.delivered{color:#86efac}.down,.err,.firing,.failed{color:#fca5a5}
            .pending,.unknown,.waiting{color:#fcd34d}.problem{background:#450a0a}a{color:#93c5fd}}
            """;

    private final String title;
    private final String prefix;
    private final InstantSource clock;
    private final Supplier<LoadedConfiguration> loaded;
    private final Supplier<List<TargetView>> targets;
    private final Supplier<List<GroupView>> groups;
    private final Supplier<List<IntegrationView>> integrations;

    /** @param prefix of all paths */
    public StatusPage(
            String title,
            String prefix,
            InstantSource clock,
            Supplier<LoadedConfiguration> loaded,
            Supplier<List<TargetView>> targets,
            Supplier<List<GroupView>> groups,
            Supplier<List<IntegrationView>> integrations) {
        this.title = title;
        this.prefix = prefix;
        this.clock = clock;
        this.loaded = loaded;
        this.targets = targets;
        this.groups = groups;
        this.integrations = integrations;
    }

    @Override
    public Response handle(Request request) {
        HtmlText page = new HtmlText()
                .raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width\">"
                        + "<meta http-equiv=\"refresh\" content=\"5\"><title>")
                .text(title)
                .raw("</title><style>")
                .raw(STYLE)
                .raw("</style></head><body>\n<h1>")
                .text(title)
                .raw(" <small>Narthex ")
                .text(BuildVersion.version())
                .raw("</small></h1>\n");
        problems(page);
        targets(page);
        List<GroupView> now = groups.get();
        alerts(page, now);
        rules(page, now);
        notifications(page);
        links(page);
        byte[] html = page.raw("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8);
        return Response.of(200, Response.HTML, out -> out.write(html)).withHeader("Cache-Control", "no-store");
    }

    private void problems(HtmlText page) {
        LoadedConfiguration configuration = loaded.get();
        if (!configuration.isGood()) {
            page.raw("<p class=\"problem\">").text(configuration.error()).raw("</p>\n");
        }
        configuration
                .rejected()
                .forEach((id, reason) -> page.raw("<p class=\"problem\">")
                        .text(id + ": " + reason)
                        .raw("</p>\n"));
    }

    private void targets(HtmlText page) {
        List<TargetView> all = targets.get();
        page.heading("Targets", all.size()).table(List.of("State", "Job", "URL", "Last scrape", "Error"));
        for (TargetView target : all) {
            page.row(
                    target.health().text(),
                    List.of(
                            target.labels().getOrEmpty("job"),
                            target.scrapeUrl(),
                            ago(target.lastScrape()),
                            target.lastError()));
        }
        page.endTable();
    }

    private void alerts(HtmlText page, List<GroupView> all) {
        List<AlertView> alerts = all.stream()
                .flatMap(group -> group.rules().stream())
                .flatMap(rule -> rule instanceof RuleView.Alerting alerting
                        ? alerting.alerts().stream()
                        : java.util.stream.Stream.empty())
                .toList();
        page.heading("Alerts", alerts.size()).table(List.of("State", "Alert", "Labels", "Since", "Annotations"));
        for (AlertView alert : alerts) {
            page.row(
                    alert.state().text(),
                    List.of(
                            alert.labels().getOrEmpty("alertname"),
                            texts(alert.labels().without(List.of("alertname"))),
                            ago(alert.activeAt()),
                            texts(alert.annotations())));
        }
        page.endTable();
    }

    private void rules(HtmlText page, List<GroupView> all) {
        int count = all.stream().mapToInt(group -> group.rules().size()).sum();
        page.heading("Rules", count).table(List.of("State", "Rule", "Group", "Expression", "Last evaluation", "Error"));
        for (GroupView group : all) {
            for (RuleView rule : group.rules()) {
                page.row(
                        rule instanceof RuleView.Alerting alerting
                                        && rule.evaluation().lastError().isEmpty()
                                ? alerting.state().text()
                                : rule.evaluation().health().text(),
                        List.of(
                                rule.name(),
                                group.name(),
                                rule.query(),
                                ago(rule.evaluation().at()),
                                rule.evaluation().lastError()));
            }
        }
        page.endTable();
    }

    private void notifications(HtmlText page) {
        List<IntegrationView> all = integrations.get();
        page.heading("Notifications", all.size())
                .table(List.of("State", "Receiver", "Kind", "Sent", "Failed", "Last success", "Last error"));
        for (IntegrationView view : all) {
            Instant success = view.lastSuccess();
            Instant error = view.lastErrorAt();
            boolean fails = error != null && (success == null || error.isAfter(success));
            page.row(
                    fails ? "failed" : success == null ? "waiting" : "delivered",
                    List.of(
                            view.receiver(),
                            view.type(),
                            Long.toString(view.sent()),
                            Long.toString(view.failedTotal()),
                            ago(success),
                            fails ? view.lastError() : ""));
        }
        page.endTable();
    }

    private void links(HtmlText page) {
        page.raw("<p>");
        for (String path : List.of(
                "/api/v1/query?query=up",
                "/api/v1/targets",
                "/api/v1/rules",
                "/api/v1/status/resources",
                "/api/v1/status/config",
                "/metrics")) {
            page.raw("<a href=\"").text(prefix + path).raw("\">").text(path).raw("</a> ");
        }
        page.raw("</p>\n");
    }

    private String ago(@Nullable Instant moment) {
        if (moment == null) {
            return "never";
        }
        Duration since = Duration.between(moment, clock.instant()).truncatedTo(ChronoUnit.SECONDS);
        long seconds = Math.max(0, since.toSeconds());
        if (seconds < 120) {
            return seconds + " s ago";
        }
        return seconds < 7200 ? seconds / 60 + " min ago" : seconds / 3600 + " h ago";
    }

    private static String texts(Labels labels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(labels.name(i)).append('=').append(labels.value(i));
        }
        return text.toString();
    }
}
