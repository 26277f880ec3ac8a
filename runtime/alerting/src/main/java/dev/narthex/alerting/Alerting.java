// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Scheduler;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Alertmanager in the process: alerts come in, are sorted into groups by the routing tree, and are notified to
 * receivers. Safe for use by many threads.
 *
 * <p>The lock of this object guards alerts, groups and timers; deliveries run outside of it. A new configuration leaves
 * the groups of unchanged routes with their alerts and timers as they are.
 */
public final class Alerting implements AutoCloseable {
    private static final Duration MIN_DELIVERY_LIMIT = Duration.ofSeconds(10);
    private static final Duration COLLECTION_INTERVAL = Duration.ofMinutes(15);
    private static final Logger log = Logger.getLogger(Alerting.class);

    private final AlertingOptions options;
    private final Scheduler scheduler;
    private final NotificationLog notificationLog;
    private final Silences silences;
    private final AlertStore store = new AlertStore();
    private final Map<GroupKey, AggregationGroup> groups = new HashMap<>();
    private Route root = Route.tree(AlertmanagerConfig.EMPTY.route());
    private Receivers receivers = Receivers.none();
    private Duration resolveTimeout = AlertmanagerConfig.DEFAULT_RESOLVE_TIMEOUT;
    private Scheduler.@Nullable Task collection;
    private boolean closed;
    private long receivedFiring;
    private long receivedResolved;
    private long invalid;
    private long suppressedNotifications;

    /** Takes up the notification log and the silences that were kept, and takes alerts; sends none before a configuration is applied. */
    public Alerting(AlertingOptions options) {
        this.options = options;
        this.scheduler = options.scheduler();
        Path directory = options.directory();
        this.notificationLog = new NotificationLog(
                directory == null ? null : new NotificationLogFile(options.files(), directory),
                scheduler.clock().instant());
        this.silences =
                new Silences(directory == null ? null : new SilenceFile(options.files(), directory), scheduler.clock());
        this.collection = scheduler.schedule(COLLECTION_INTERVAL, this::collect);
    }

    /**
     * Works by this configuration from now on.
     *
     * @throws IllegalArgumentException when a route names a receiver that there is not; then nothing has changed
     */
    public synchronized void apply(AlertmanagerConfig config) {
        Route newRoot = Route.tree(config.route());
        Receivers newReceivers = Receivers.of(config.receivers(), receivers, options);
        for (Route route : newRoot.all()) {
            if (!newReceivers.has(route.settings().receiver())) {
                throw new IllegalArgumentException("route " + route.settings().key()
                        + ": undefined receiver, found \"" + route.settings().receiver()
                        + "\"; name one of the receivers");
            }
        }
        root = newRoot;
        receivers = newReceivers;
        resolveTimeout = config.resolveTimeout();
        regroup();
    }

    /** Sorts all alerts anew; groups that get none of them any more are dropped. */
    private void regroup() {
        Map<GroupKey, Set<Labels>> members = new HashMap<>();
        Map<Labels, StoredAlert> alerts = new HashMap<>();
        // A group may still have to tell the end of an alert that was collected from the store.
        groups.values().forEach(group -> group.alerts().forEach(alert -> alerts.put(alert.labels(), alert)));
        store.all().forEach(alert -> alerts.put(alert.labels(), alert));
        for (StoredAlert alert : alerts.values()) {
            for (GroupKey key : groupsOf(alert)) {
                members.computeIfAbsent(key, _ -> new HashSet<>()).add(alert.labels());
            }
        }
        groups.entrySet().removeIf(entry -> {
            Set<Labels> kept = members.get(entry.getKey());
            if (kept == null) {
                entry.getValue().cancel();
                return true;
            }
            entry.getValue().retain(kept);
            return false;
        });
        Instant now = scheduler.clock().instant();
        for (StoredAlert alert : alerts.values()) {
            for (GroupKey key : groupsOf(alert)) {
                AggregationGroup group = groups.get(key);
                boolean known = group != null && group.alerts().contains(alert);
                // What had ended and was notified does not come back.
                if (!known && !alert.isResolvedAt(now)) {
                    insert(key, alert, now);
                }
            }
        }
    }

    private List<GroupKey> groupsOf(StoredAlert alert) {
        return root.match(alert.labels()).stream()
                .map(Route::settings)
                .map(route -> new GroupKey(route, route.groupLabels(alert.labels())))
                .toList();
    }

    /** Takes alerts of rules. */
    public synchronized void accept(List<Alert> alerts) {
        Instant now = scheduler.clock().instant();
        for (Alert alert : alerts) {
            take(new StoredAlert(alert, false, now), now);
        }
    }

    /**
     * Takes alerts that others post, all that are valid.
     *
     * @return what is wrong with the others, in Alertmanager's words
     */
    public synchronized List<String> post(List<PostedAlert> alerts) {
        Instant now = scheduler.clock().instant();
        List<String> problems = new ArrayList<>();
        for (PostedAlert posted : alerts) {
            StoredAlert alert = complete(posted, now);
            String problem = problem(alert.alert(), posted.problem());
            if (problem.isEmpty()) {
                take(alert, now);
            } else {
                invalid++;
                problems.add(problem);
            }
        }
        return problems;
    }

    private StoredAlert complete(PostedAlert posted, Instant now) {
        Instant end = posted.endsAt();
        Instant start = posted.startsAt();
        Instant endsAt = end != null ? end : now.plus(resolveTimeout);
        Instant startsAt = start != null ? start : end != null ? end : now;
        Alert alert = new Alert(posted.labels(), posted.annotations(), startsAt, endsAt, posted.generatorUrl());
        return new StoredAlert(alert, end == null, now);
    }

    private static String problem(Alert alert, String ofLabels) {
        if (alert.endsAt().isBefore(alert.startsAt())) {
            return "start time must be before end time";
        }
        if (!ofLabels.isEmpty()) {
            return ofLabels;
        }
        if (alert.labels().isEmpty()) {
            return "at least one label pair required";
        }
        for (int i = 0; i < alert.labels().size(); i++) {
            if (!LabelNames.isValidUtf8(alert.labels().name(i))) {
                return "invalid label set: invalid name \"" + alert.labels().name(i) + "\"";
            }
        }
        return "";
    }

    private void take(StoredAlert alert, Instant now) {
        if (alert.isResolvedAt(now)) {
            receivedResolved++;
        } else {
            receivedFiring++;
        }
        StoredAlert known = store.put(alert, now);
        for (GroupKey key : groupsOf(known)) {
            insert(key, known, now);
        }
    }

    private void insert(GroupKey key, StoredAlert alert, Instant now) {
        if (closed) {
            return;
        }
        AggregationGroup group = groups.get(key);
        if (group == null) {
            AggregationGroup made = new AggregationGroup(key);
            groups.put(key, made);
            made.flushIn(key.route().groupWait(), scheduler, () -> flush(made));
            group = made;
        }
        AggregationGroup target = group;
        if (target.insert(alert, now)) {
            target.flushIn(Duration.ZERO, scheduler, () -> flush(target));
        }
    }

    private void flush(AggregationGroup group) {
        Instant now;
        List<StoredAlert> flushed;
        List<Alert> told;
        List<ReceiverIntegration> targets;
        synchronized (this) {
            if (closed || !isCurrent(group)) {
                return;
            }
            group.flushIn(group.route().groupInterval(), scheduler, () -> flush(group));
            if (!group.beginFlush()) {
                return;
            }
            now = scheduler.clock().instant();
            flushed = group.snapshot();
            told = told(flushed, now);
            targets = receivers.integrations(group.route().receiver());
        }
        deliver(group, flushed, told, now, targets);
    }

    /** What is to be told of alerts: not of silenced ones, whether they have ended or not. */
    private List<Alert> told(List<StoredAlert> flushed, Instant now) {
        List<Alert> told = flushed.stream()
                .filter(alert -> silences.silencing(alert.labels(), now).isEmpty())
                .map(StoredAlert::alert)
                .sorted(AggregationGroup.ORDER)
                .toList();
        suppressedNotifications += flushed.size() - told.size();
        return told;
    }

    private boolean isCurrent(AggregationGroup group) {
        return group.equals(groups.get(group.key()));
    }

    private void deliver(
            AggregationGroup group,
            List<StoredAlert> flushed,
            List<Alert> told,
            Instant now,
            List<ReceiverIntegration> targets) {
        if (told.isEmpty()) {
            flushed(group, flushed, now, true);
            return;
        }
        Fanout fanout = new Fanout(targets.size(), everybodyKnows -> flushed(group, flushed, now, everybodyKnows));
        Notification notification = new Notification(
                group.route().receiver(),
                group.key().text(),
                group.key().labels(),
                told,
                NotificationReason.FIRST,
                now);
        Duration interval = group.route().groupInterval();
        Duration limit = interval.compareTo(MIN_DELIVERY_LIMIT) < 0 ? MIN_DELIVERY_LIMIT : interval;
        for (ReceiverIntegration target : targets) {
            Delivery delivery = new Delivery(
                    target,
                    notification,
                    group.route().repeatInterval(),
                    limit,
                    notificationLog,
                    scheduler,
                    this::isClosed,
                    fanout::done);
            if (targets.size() == 1) {
                delivery.start();
            } else {
                scheduler.schedule(Duration.ZERO, delivery::start);
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void flushed(
            AggregationGroup group, List<StoredAlert> flushed, Instant now, boolean everybodyKnows) {
        boolean again = group.endFlush(flushed, now, everybodyKnows);
        if (closed || !isCurrent(group)) {
            return;
        }
        if (group.isEmpty()) {
            group.cancel();
            groups.remove(group.key());
        } else if (again) {
            scheduler.schedule(Duration.ZERO, () -> flush(group));
        }
    }

    private void collect() {
        synchronized (this) {
            if (closed) {
                return;
            }
            store.collect(scheduler.clock().instant());
            collection = scheduler.schedule(COLLECTION_INTERVAL, this::collect);
        }
        notificationLog.collect(scheduler.clock().instant());
        try {
            silences.collect();
        } catch (UncheckedIOException e) {
            log.warnf("expired silences not removed err=%s", e.getMessage());
        }
    }

    /** All groups with alerts that have not ended, ordered by labels and receiver. */
    public synchronized List<AlertGroupView> groups() {
        Instant now = scheduler.clock().instant();
        List<AlertGroupView> views = new ArrayList<>();
        for (AggregationGroup group : groups.values()) {
            List<AlertView> members = views(group.alerts(), now)
                    .sorted(Comparator.comparing(AlertView::alert, AggregationGroup.ORDER))
                    .toList();
            if (!members.isEmpty()) {
                views.add(new AlertGroupView(
                        group.route().receiver(),
                        group.key().text(),
                        group.key().labels(),
                        members));
            }
        }
        views.sort(Comparator.comparing(AlertGroupView::labels, LabelSetOrder.COMPARATOR)
                .thenComparing(AlertGroupView::receiver)
                .thenComparing(AlertGroupView::key));
        return views;
    }

    /** All alerts that have not ended, in the order of their fingerprints. */
    public synchronized List<AlertView> alerts() {
        return views(store.all(), scheduler.clock().instant())
                .sorted(Comparator.comparing(AlertView::fingerprint))
                .toList();
    }

    private Stream<AlertView> views(Collection<StoredAlert> alerts, Instant now) {
        return alerts.stream()
                .filter(alert -> !alert.isResolvedAt(now))
                .map(alert -> new AlertView(
                        alert.alert(),
                        alert.updatedAt(),
                        root.match(alert.labels()).stream()
                                .map(route -> route.settings().receiver())
                                .toList(),
                        silences.silencing(alert.labels(), now)));
    }

    public Silences silences() {
        return silences;
    }

    /** The names of all receivers, in the order of the configuration. */
    public synchronized List<String> receivers() {
        return receivers.names();
    }

    /** How the deliveries of each integration have gone, in the order of the configuration. */
    public synchronized List<IntegrationView> integrations() {
        return receivers.views();
    }

    public synchronized AlertingCounters counters() {
        Instant now = scheduler.clock().instant();
        long standing = 0;
        long suppressed = 0;
        for (StoredAlert alert : store.all()) {
            if (!alert.isResolvedAt(now)) {
                standing++;
                suppressed += silences.silencing(alert.labels(), now).isEmpty() ? 0 : 1;
            }
        }
        Map<SilenceState, Long> byState = new EnumMap<>(SilenceState.class);
        for (SilenceState state : SilenceState.values()) {
            byState.put(state, silences.count(state));
        }
        return new AlertingCounters(
                standing - suppressed,
                suppressed,
                receivedFiring,
                receivedResolved,
                invalid,
                suppressedNotifications,
                byState,
                groups.size(),
                receivers.size(),
                receivers.views().size());
    }

    /** Stops all timers. What is being delivered is not interrupted, but not tried again. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            groups.values().forEach(AggregationGroup::cancel);
            if (collection != null) {
                collection.cancel();
            }
        }
        notificationLog.collect(scheduler.clock().instant());
    }
}
