// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.alerting.FailureReason;
import dev.narthex.alerting.IntegrationView;
import dev.narthex.model.Labels;
import dev.narthex.rules.AlertState;
import dev.narthex.rules.AlertView;
import dev.narthex.rules.GroupView;
import dev.narthex.rules.RuleHealth;
import dev.narthex.rules.RuleView;
import dev.narthex.scrape.TargetHealth;
import dev.narthex.scrape.TargetView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rooms tell, made up for the tests of the answers. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-01-01T10:00:00.120Z");

    private Samples() {}

    /** A target of an endpoint of ScrapeTarget shop/web. */
    public static TargetView target(String address, TargetHealth health, String error) {
        return target(address, health, error, health == TargetHealth.DOWN ? NOW : null);
    }

    /** The same, down since a time. */
    public static TargetView target(String address, TargetHealth health, String error, @Nullable Instant downSince) {
        return new TargetView(
                Labels.of("__address__", address),
                Labels.of("instance", address, "job", "shop/web"),
                "scrapeTarget/shop/web/0",
                "http://" + address + "/metrics?token=hidden",
                "http://" + address + "/metrics?token=hidden",
                error,
                health == TargetHealth.UNKNOWN ? null : NOW,
                Duration.ofNanos(1_717_649),
                health,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                "30s",
                "10s",
                health == TargetHealth.UP ? 300 : 0,
                downSince);
    }

    /** The group of AlertRule shop/web, with an alert that fires and a rule that fails. */
    public static GroupView group() {
        AlertView alert = new AlertView(
                Labels.of("alertname", "Down", "pod", "<a>"),
                Labels.of("summary", "It is <down>"),
                AlertState.FIRING,
                NOW,
                null,
                0.5);
        RuleView alerting = new RuleView.Alerting(
                "Down",
                "up < 1",
                Labels.of("severity", "page"),
                new RuleView.RuleEvaluation(RuleHealth.OK, "", Duration.ofNanos(412_000), NOW),
                Duration.ofSeconds(90),
                Duration.ZERO,
                Map.of("summary", "It is <down>"),
                AlertState.FIRING,
                List.of(alert));
        RuleView recording = new RuleView.Recording(
                "job:up:sum",
                "sum by (job) (up)",
                Labels.EMPTY,
                new RuleView.RuleEvaluation(RuleHealth.ERROR, "no way", Duration.ZERO, null));
        return new GroupView(
                "shop/web",
                "alertRule/shop/web",
                Duration.ofSeconds(15),
                0,
                Duration.ZERO,
                List.of(alerting, recording),
                Duration.ofMillis(1),
                NOW,
                new GroupView.GroupCounters(5, 0, 10, 5, 3, 0));
    }

    /** The integration of Receiver shop/page. */
    public static IntegrationView integration(Instant lastError, Instant lastSuccess) {
        return new IntegrationView(
                "shop/page",
                "webhook",
                0,
                true,
                13,
                Map.of(FailureReason.OTHER, 1L),
                14,
                2,
                Duration.ofSeconds(1),
                "connection refused",
                lastError,
                lastSuccess);
    }
}
