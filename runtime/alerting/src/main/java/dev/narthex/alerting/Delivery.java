// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.alerting.Integration.Delivered;
import dev.narthex.alerting.Integration.Failed;
import dev.narthex.alerting.NotificationLog.Entry;
import dev.narthex.model.Alert;
import dev.narthex.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One notification on its way to one integration: left out where the integration knows already, tried until it is
 * delivered, fails for good, or its time is over, and logged when delivered. The steps of one delivery follow each other;
 * a scheduler runs them.
 */
final class Delivery {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
    private static final double BACKOFF_FACTOR = 1.5;
    private static final Duration MIN_LIMIT = Duration.ofMillis(1);
    private static final Logger log = Logger.getLogger(Delivery.class);

    private final ReceiverIntegration target;
    private final Notification notification;
    private final Set<Long> firing = new HashSet<>();
    private final Set<Long> resolved = new HashSet<>();
    private final Duration repeatInterval;
    private final NotificationLog notificationLog;
    private final Scheduler scheduler;
    private final BooleanSupplier stopped;
    private final long deadlineNanos;
    private final Consumer<Boolean> whenDone;
    private Duration backoff = FIRST_BACKOFF;
    private int attempts;

    /**
     * Prepares a delivery.
     *
     * @param group all alerts of the group; its reason does not count
     * @param limit when to give up
     * @param stopped whether to give up what has failed, since the process ends
     * @param whenDone hears whether the integration knows all now; called once, on any thread
     */
    Delivery(
            ReceiverIntegration target,
            Notification group,
            Duration repeatInterval,
            Duration limit,
            NotificationLog notificationLog,
            Scheduler scheduler,
            BooleanSupplier stopped,
            Consumer<Boolean> whenDone) {
        this.target = target;
        this.repeatInterval = repeatInterval;
        this.notificationLog = notificationLog;
        this.scheduler = scheduler;
        this.stopped = stopped;
        this.deadlineNanos = scheduler.ticker().nanos() + limit.toNanos();
        this.whenDone = whenDone;
        for (Alert alert : group.alerts()) {
            (alert.isResolvedAt(group.now()) ? resolved : firing).add(Fingerprint.of(alert.labels()));
        }
        this.notification = group;
    }

    /** Begins, unless there is nothing to tell. */
    void start() {
        Instant now = notification.now();
        NotificationReason reason = NotificationLog.reason(
                notificationLog.get(target.logKey(notification.groupKey())),
                firing,
                resolved,
                target.config().sendResolved(),
                now.minus(repeatInterval));
        if (reason == null) {
            whenDone.accept(true);
            return;
        }
        List<Alert> alerts = notification.alerts();
        if (!target.config().sendResolved()) {
            alerts = alerts.stream().filter(alert -> !alert.isResolvedAt(now)).toList();
            if (alerts.isEmpty()) {
                succeed();
                return;
            }
        }
        Notification told = new Notification(
                notification.receiver(), notification.groupKey(), notification.groupLabels(), alerts, reason, now);
        target.counters().notificationBegins();
        attempt(told);
    }

    private void attempt(Notification told) {
        long startNanos = scheduler.ticker().nanos();
        Duration left = Duration.ofNanos(deadlineNanos - startNanos);
        attempts++;
        Integration.Outcome outcome;
        try {
            outcome = target.integration().notify(told, left.compareTo(MIN_LIMIT) < 0 ? MIN_LIMIT : left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = new Failed(FailureReason.CANCELED, "interrupted", false);
        } catch (RuntimeException | Error e) {
            // Whatever it is, such as too little memory: the group waits for the end of this, and goes on.
            log.errorf(e, "notification failed unexpectedly receiver=%s", target.receiver());
            outcome = new Failed(
                    FailureReason.OTHER, "unexpected failure: " + e.getClass().getName(), false);
        }
        target.counters().requestEnds(scheduler.ticker().nanos() - startNanos);
        switch (outcome) {
            case Delivered _ -> {
                target.counters().delivered(scheduler.clock().instant());
                succeed();
            }
            case Failed failed -> fail(told, failed);
        }
    }

    private void succeed() {
        // The flush is what later flushes compare with: a slow delivery does not put off the next repetition.
        Instant now = notification.now();
        notificationLog.put(new Entry(
                target.logKey(notification.groupKey()),
                now,
                now.plus(repeatInterval.multipliedBy(2)),
                firing,
                resolved));
        whenDone.accept(true);
    }

    private void fail(Notification told, Failed failed) {
        target.counters().requestFails(failed.message(), scheduler.clock().instant());
        long waitNanos = backoff.toNanos();
        boolean inTime = scheduler.ticker().nanos() + waitNanos < deadlineNanos;
        if (failed.recoverable() && inTime && !stopped.getAsBoolean()) {
            if (attempts == 1) {
                log.warnf(
                        "notification attempt failed, will be tried again receiver=%s integration=%s err=%s",
                        target.receiver(), target.config().type(), failed.message());
            }
            backoff = Duration.ofNanos(Math.min((long) (waitNanos * BACKOFF_FACTOR), MAX_BACKOFF.toNanos()));
            scheduler.schedule(Duration.ofNanos(waitNanos), () -> attempt(told));
            return;
        }
        log.errorf(
                "notification failed receiver=%s integration=%s attempts=%d err=%s",
                target.receiver(), target.config().type(), attempts, failed.message());
        target.counters().notificationFails(failed.reason());
        whenDone.accept(false);
    }
}
