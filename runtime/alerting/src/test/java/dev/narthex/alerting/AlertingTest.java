// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.WebhookConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertingTest {
    private static final Path DIRECTORY = Path.of("/alerting");

    private final ManualScheduler scheduler = new ManualScheduler();
    private final FakePoster http = new FakePoster(scheduler.clock());
    private FaultyFiles files = new FaultyFiles();
    private Alerting alerting = alerting();
    private Instant start = scheduler.clock().instant();

    private Alerting alerting() {
        return new Alerting(new AlertingOptions("http://monitor.example/", http, scheduler, files, DIRECTORY));
    }

    @BeforeEach
    void configure() {
        alerting.apply(config(route("hook", 30, 300, 14_400)));
    }

    @AfterEach
    void noTaskFails() {
        assertThat(scheduler.failures()).isEmpty();
    }

    @Test
    void waitsForMoreAlertsOfANewGroup() {
        fire("1");
        advance(20);
        fire("2");
        advance(9);
        assertThat(sent()).isEmpty();
        advance(1);
        assertThat(sent()).containsExactly("30 first notification 1:firing 2:firing");
    }

    @Test
    void holdsNewsBackForTheGroupInterval() {
        fire("1");
        advance(40);
        fire("2");
        advance(289);
        assertThat(sent()).containsExactly("30 first notification 1:firing");
        advance(1);
        assertThat(sent()).containsExactly("330 new alerts added 1:firing 2:firing");
    }

    @Test
    void repeatsWhatHasNotChanged() {
        fireFor("1", Duration.ofDays(1));
        advance(30 + 14_400 * 2);
        assertThat(sent())
                .containsExactly(
                        "30 first notification 1:firing",
                        "14430 repeat interval elapsed 1:firing",
                        "28830 repeat interval elapsed 1:firing");
    }

    @Test
    void tellsTheEndOnceAndDropsTheGroup() {
        fire("1");
        fire("2");
        advance(30);
        resolve("1");
        advance(300);
        resolve("2");
        advance(300);
        assertThat(sent())
                .containsExactly(
                        "30 first notification 1:firing 2:firing",
                        "330 some alerts resolved 1:resolved 2:firing",
                        "630 all alerts resolved 2:resolved");
        assertThat(alerting.groups()).isEmpty();
        advance(100_000);
        assertThat(sent()).isEmpty();
        assertThat(scheduler.pending()).isEqualTo(1);
    }

    @Test
    void takesAnAlertAsEndedThatIsNotSentAgain() {
        alerting.accept(List.of(alert("1", scheduler.clock().instant().plusSeconds(240))));
        advance(330);
        assertThat(sent()).containsExactly("30 first notification 1:firing", "330 all alerts resolved 1:resolved");
    }

    @Test
    void ordersPostedAlertsToEndAfterTheResolveTimeout() {
        assertThat(alerting.post(List.of(posted("1", null, null)))).isEmpty();
        advance(299);
        assertThat(alerting.alerts()).hasSize(1);
        advance(1);
        assertThat(alerting.alerts()).isEmpty();
    }

    @Test
    void refusesWrongPostedAlertsAlone() {
        Instant now = scheduler.clock().instant();
        assertThat(alerting.post(List.of(
                        posted("1", now, now.minusSeconds(1)),
                        new PostedAlert(Labels.EMPTY, Labels.EMPTY, null, null, ""),
                        posted("2", null, null))))
                .containsExactly("start time must be before end time", "at least one label pair required");
        assertThat(alerting.counters().invalid()).isEqualTo(2);
        assertThat(alerting.alerts()).hasSize(1);
    }

    @Test
    void keepsTheEarliestStartOfAnAlertThatGoesOn() {
        Instant now = scheduler.clock().instant();
        alerting.post(List.of(posted("1", now.minusSeconds(100), null)));
        advance(10);
        alerting.post(List.of(posted("1", now.minusSeconds(50), null)));
        assertThat(alerting.alerts())
                .extracting(AlertView::alert)
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.startsAt()).isEqualTo(now.minusSeconds(100));
                    assertThat(alert.endsAt()).isEqualTo(now.plusSeconds(310));
                });
    }

    @Test
    void flushesAtOnceWhatHasWaitedElsewhere() {
        Instant now = scheduler.clock().instant();
        alerting.post(List.of(posted("1", now.minusSeconds(31), null)));
        scheduler.runDue();
        assertThat(sent()).containsExactly("0 first notification 1:firing");
    }

    @Test
    void triesAgainLaterAndLater() {
        http.status = 503;
        fire("1");
        advance(32);
        // After 0.5 s, then 1.5 times as long each time.
        assertThat(http.posted).hasSize(3);
        http.status = 200;
        advance(5);
        assertThat(http.posted).hasSize(4);
        assertThat(alerting.integrations()).first().satisfies(view -> {
            assertThat(view.notifications()).isEqualTo(1);
            assertThat(view.failedTotal()).isZero();
            assertThat(view.sent()).isEqualTo(1);
            assertThat(view.requests()).isEqualTo(4);
            assertThat(view.failedRequests()).isEqualTo(3);
            assertThat(view.lastError()).isEqualTo("unexpected status code 503");
            assertThat(view.lastSuccess()).isNotNull();
        });
    }

    @Test
    void givesUpWhenTheGroupIntervalIsOverAndBeginsAnew() {
        http.unreachable = true;
        fireFor("1", Duration.ofDays(1));
        advance(30 + 299);
        assertThat(alerting.integrations().getFirst().failedTotal()).isEqualTo(1);
        assertThat(alerting.integrations().getFirst().failed()).containsEntry(FailureReason.OTHER, 1L);
        assertThat(alerting.integrations().getFirst().lastError())
                .isEqualTo("cannot reach the webhook: IOException: Connection refused");
        http.unreachable = false;
        sent();
        advance(1);
        assertThat(sent()).containsExactly("330 first notification 1:firing");
    }

    @Test
    void doesNotTryAgainWhatTheReceiverRefuses() {
        http.status = 400;
        http.answer = "bad payload";
        fireFor("1", Duration.ofDays(1));
        advance(329);
        assertThat(http.posted).hasSize(1);
        assertThat(alerting.integrations().getFirst().failed()).containsEntry(FailureReason.CLIENT_ERROR, 1L);
        assertThat(alerting.integrations().getFirst().lastError()).isEqualTo("unexpected status code 400: bad payload");
        advance(1);
        assertThat(http.posted).hasSize(2);
    }

    @Test
    void keepsEndsUntilTheyAreDelivered() {
        fire("1");
        advance(30);
        resolve("1");
        http.status = 500;
        advance(299);
        advance(299);
        assertThat(alerting.counters().aggregationGroups()).isEqualTo(1);
        sent();
        http.status = 200;
        advance(60);
        assertThat(sent()).hasSize(1).first().asString().endsWith(" all alerts resolved 1:resolved");
        assertThat(alerting.groups()).isEmpty();
    }

    @Test
    void doesNotTellEndsToThoseWhoDoNotWantThem() {
        alerting.apply(new AlertmanagerConfig(
                Duration.ofMinutes(5),
                route("hook", 30, 300, 14_400),
                List.of(new ReceiverConfig("hook", List.of(webhook("a", false, 0), webhook("b", true, 0))))));
        fire("1");
        fire("2");
        advance(30);
        resolve("1");
        advance(300);
        fire("3");
        resolve("2");
        advance(300);
        assertThat(http.posted)
                .extracting(post -> post.uri().getPath() + " " + post.reason() + " " + post.alerts())
                .containsExactly(
                        "/a first notification 1:firing 2:firing",
                        "/b first notification 1:firing 2:firing",
                        "/b some alerts resolved 1:resolved 2:firing",
                        "/a new alerts added 3:firing",
                        "/b new alerts added 2:resolved 3:firing");
    }

    @Test
    void leavesOutWhatIsMoreThanTheReceiverWants() {
        alerting.apply(new AlertmanagerConfig(
                Duration.ofMinutes(5),
                route("hook", 30, 300, 14_400),
                List.of(new ReceiverConfig("hook", List.of(webhook("a", true, 2))))));
        fire("1");
        fire("2");
        fire("3");
        advance(30);
        assertThat(http.posted).singleElement().satisfies(post -> {
            assertThat(post.alerts()).isEqualTo("1:firing 2:firing");
            assertThat(post.body()).contains("\"truncatedAlerts\":1}");
        });
    }

    @Test
    void limitsADeliveryByTimeoutAndGroupInterval() {
        alerting.apply(config(route("hook", 30, 20, 14_400)));
        fire("1");
        advance(30);
        assertThat(http.posted.getFirst().limit()).isEqualTo(Duration.ofSeconds(20));
        alerting.apply(new AlertmanagerConfig(
                Duration.ofMinutes(5),
                route("hook", 30, 20, 14_400),
                List.of(new ReceiverConfig(
                        "hook",
                        List.of(new WebhookConfig(
                                new Secret("http://hook.example/a"), true, 0, Duration.ofSeconds(3)))))));
        fire("2");
        advance(20);
        assertThat(http.posted.getLast().limit()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void doesNotResendAfterARestart() {
        fireFor("1", Duration.ofDays(1));
        advance(60);
        restart();
        fireFor("1", Duration.ofDays(1));
        advance(600);
        assertThat(sent()).containsExactly("30 first notification 1:firing");
        resolve("1");
        advance(300);
        assertThat(sent()).hasSize(1).first().asString().endsWith(" all alerts resolved 1:resolved");
    }

    @Test
    void doesNotResendAfterACrash() {
        fireFor("1", Duration.ofDays(1));
        advance(60);
        files = files.cutPower();
        alerting = alerting();
        configure();
        fireFor("1", Duration.ofDays(1));
        advance(600);
        assertThat(sent()).containsExactly("30 first notification 1:firing");
    }

    @Test
    void leavesGroupsOfUnchangedRoutesUndisturbed() {
        RouteConfig page = child("page", "severity", "page", 60);
        alerting.apply(config(route("hook", 30, 300, 14_400).withRoutes(List.of(page))));
        fire("1");
        alerting.accept(List.of(alert("p", scheduler.clock().instant().plusSeconds(3600), "severity", "page")));
        advance(20);
        // The other route changes, this one does not.
        alerting.apply(config(route("hook", 40, 300, 14_400).withRoutes(List.of(page))));
        advance(40);
        assertThat(sent()).containsExactly("60 first notification p:firing", "60 first notification 1:firing");
        alerting.apply(config(route("hook", 40, 300, 14_400)));
        assertThat(alerting.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.alerts()).hasSize(2));
    }

    @Test
    void refusesARouteToAReceiverThatThereIsNot() {
        assertThatThrownBy(() -> alerting.apply(config(route("nobody", 30, 300, 14_400))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route {}: undefined receiver, found \"nobody\"; name one of the receivers");
        fire("1");
        advance(30);
        assertThat(sent()).hasSize(1);
    }

    @Test
    void flushesAgainWhatFellDueDuringAFlush() {
        alerting.apply(config(route("hook", 30, 20, 14_400)));
        fire("1");
        http.onPost = () -> {
            http.onPost = () -> {};
            fire("2");
            scheduler.advance(Duration.ofSeconds(25));
        };
        advance(30);
        scheduler.runDue();
        assertThat(sent()).containsExactly("30 first notification 1:firing", "55 new alerts added 1:firing 2:firing");
    }

    @Test
    void goesOnAfterADeliveryThatEndedInAnError() {
        fire("1");
        http.onPost = () -> {
            throw new OutOfMemoryError("on purpose");
        };
        advance(30);
        http.onPost = () -> {};
        advance(300);
        assertThat(sent()).containsExactly("30 first notification 1:firing", "330 first notification 1:firing");
    }

    @Test
    void countsWhatComesIn() {
        fire("1");
        fire("2");
        resolve("2");
        Map<SilenceState, Long> none =
                Map.of(SilenceState.ACTIVE, 0L, SilenceState.PENDING, 0L, SilenceState.EXPIRED, 0L);
        assertThat(alerting.counters()).isEqualTo(new AlertingCounters(1, 0, 2, 1, 0, 0, none, 1, 2, 2));
        advance(3600);
        assertThat(alerting.counters().aggregationGroups()).isZero();
    }

    @Test
    void leavesSilencedAlertsOut() throws SilenceException {
        fire("1");
        fire("2");
        silence("1", 100);
        advance(30);
        assertThat(sent()).containsExactly("30 first notification 2:firing");
        AlertingCounters counters = alerting.counters();
        assertThat(counters.activeAlerts()).isEqualTo(1);
        assertThat(counters.suppressedAlerts()).isEqualTo(1);
        assertThat(counters.suppressedNotifications()).isEqualTo(1);
        assertThat(counters.silences()).containsEntry(SilenceState.ACTIVE, 1L);
        advance(300);
        assertThat(sent()).containsExactly("330 new alerts added 1:firing 2:firing");
    }

    @Test
    void tellsNobodyWhereAllIsSilenced() throws SilenceException {
        fire("1");
        String id = silence("1", 100_000);
        restart();
        fire("1");
        advance(330);
        assertThat(sent()).isEmpty();
        assertThat(alerting.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.silencedBy()).containsExactly(id);
            assertThat(alert.receivers()).containsExactly("hook");
        });
        resolve("1");
        advance(300);
        assertThat(sent()).isEmpty();
        assertThat(alerting.counters().aggregationGroups()).isZero();
    }

    @Test
    void doesNotTellTheEndOfASilencedAlert() throws SilenceException {
        fire("1");
        fire("2");
        advance(30);
        silence("1", 1000);
        resolve("1");
        advance(300);
        assertThat(sent()).containsExactly("30 first notification 1:firing 2:firing");
    }

    private String silence(String i, long seconds) throws SilenceException {
        Instant now = scheduler.clock().instant();
        return alerting.silences()
                .set(new Silence(
                        "",
                        List.of(LabelMatcher.equal("i", i)),
                        now,
                        now.plusSeconds(seconds),
                        now,
                        "me",
                        "why",
                        Map.of()));
    }

    @Test
    void isSilentWhenClosed() {
        fire("1");
        alerting.close();
        advance(100_000);
        assertThat(http.posted).isEmpty();
        assertThat(scheduler.pending()).isZero();
    }

    private void restart() {
        alerting.close();
        alerting = alerting();
        configure();
    }

    private void advance(long seconds) {
        scheduler.advance(Duration.ofSeconds(seconds));
    }

    private List<String> sent() {
        return http.take(start);
    }

    private void fire(String i) {
        fireFor(i, Duration.ofMinutes(30));
    }

    private void fireFor(String i, Duration duration) {
        alerting.accept(List.of(alert(i, scheduler.clock().instant().plus(duration))));
    }

    private void resolve(String i) {
        alerting.accept(List.of(alert(i, scheduler.clock().instant())));
    }

    private Alert alert(String i, Instant endsAt, String... more) {
        String[] labels = Arrays.copyOf(new String[] {"alertname", "A", "i", i}, 4 + more.length);
        System.arraycopy(more, 0, labels, 4, more.length);
        return new Alert(Labels.of(labels), Labels.EMPTY, scheduler.clock().instant(), endsAt, "");
    }

    private static PostedAlert posted(String i, @Nullable Instant startsAt, @Nullable Instant endsAt) {
        return new PostedAlert(Labels.of("alertname", "A", "i", i), Labels.EMPTY, startsAt, endsAt, "");
    }

    private static AlertmanagerConfig config(RouteConfig route) {
        return new AlertmanagerConfig(
                Duration.ofMinutes(5),
                route,
                List.of(
                        new ReceiverConfig("hook", List.of(webhook("hook", true, 0))),
                        new ReceiverConfig("page", List.of(webhook("page", true, 0)))));
    }

    private static WebhookConfig webhook(String path, boolean sendResolved, int maxAlerts) {
        return new WebhookConfig(new Secret("http://hook.example/" + path), sendResolved, maxAlerts, Duration.ZERO);
    }

    private static RouteConfig route(String receiver, int wait, int interval, int repeat) {
        return new RouteConfig(
                receiver,
                List.of(),
                List.of("alertname"),
                false,
                Duration.ofSeconds(wait),
                Duration.ofSeconds(interval),
                Duration.ofSeconds(repeat),
                false,
                List.of());
    }

    private static RouteConfig child(String receiver, String label, String value, int wait) {
        return new RouteConfig(
                receiver,
                List.of(LabelMatcher.equal(label, value)),
                null,
                false,
                Duration.ofSeconds(wait),
                null,
                null,
                false,
                List.of());
    }
}
