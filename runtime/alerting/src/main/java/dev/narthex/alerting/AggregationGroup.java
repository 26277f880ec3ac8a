// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import dev.narthex.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alerts of one route that share its grouping labels, and the timers of their notifications: a wait after the first
 * alert, then one interval after the other (Alertmanager documentation, "Grouping"). Guarded by the lock of the
 * dispatcher, which runs the flushes.
 */
final class AggregationGroup {
    /** Where a label is missing, which comes last. */
    private static final Comparator<@Nullable String> MISSING_LAST = Comparator.nullsLast(Utf8Order.COMPARATOR);

    /** How alerts are shown: by job and instance, those without at the end, then by all labels. */
    static final Comparator<Alert> ORDER = Comparator.comparing(
                    (Alert alert) -> alert.labels().get("job"), MISSING_LAST)
            .thenComparing(alert -> alert.labels().get("instance"), MISSING_LAST)
            .thenComparing(Alert::labels, LabelSetOrder.COMPARATOR);

    private final GroupKey key;
    private final Map<Labels, StoredAlert> alerts = new HashMap<>();
    private Scheduler.@Nullable Task timer;
    private boolean flushedOnce;
    private boolean flushing;
    private boolean flushAgain;

    AggregationGroup(GroupKey key) {
        this.key = key;
    }

    GroupKey key() {
        return key;
    }

    Route.Settings route() {
        return key.route();
    }

    Collection<StoredAlert> alerts() {
        return alerts.values();
    }

    boolean isEmpty() {
        return alerts.isEmpty();
    }

    /** Takes an alert in; true when the group must not wait for it any longer. */
    boolean insert(StoredAlert alert, Instant now) {
        alerts.put(alert.labels(), alert);
        return !flushedOnce
                && alert.alert().startsAt().plus(route().groupWait()).isBefore(now);
    }

    void retain(Collection<Labels> labels) {
        alerts.keySet().retainAll(labels);
    }

    /** Sets the timer anew. */
    void flushIn(Duration delay, Scheduler scheduler, Runnable flush) {
        cancel();
        timer = scheduler.schedule(delay, flush);
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Begins a flush; false when the one before is not over, which then is followed by another. */
    boolean beginFlush() {
        flushedOnce = true;
        flushAgain = flushing;
        boolean begins = !flushing;
        flushing = true;
        return begins;
    }

    /**
     * Ends a flush; alerts that had ended are forgotten when everybody knows, unless they have changed meanwhile.
     *
     * @return whether another flush is due at once
     */
    boolean endFlush(List<StoredAlert> flushed, Instant flushedAt, boolean everybodyKnows) {
        flushing = false;
        if (everybodyKnows) {
            for (StoredAlert alert : flushed) {
                if (alert.isResolvedAt(flushedAt)) {
                    alerts.remove(alert.labels(), alert);
                }
            }
        }
        boolean again = flushAgain;
        flushAgain = false;
        return again;
    }

    List<StoredAlert> snapshot() {
        return new ArrayList<>(alerts.values());
    }
}
