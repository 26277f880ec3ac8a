// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.KubernetesRole;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Durations;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What discoverers count, for the server's own metrics. Safe for use by many threads. */
public final class DiscoveryMetrics {
    private static final int KEPT = 128;

    public final LongAdder fileReadErrors = new LongAdder();
    /** How often it could not be seen which files there are. */
    public final LongAdder fileWatcherErrors = new LongAdder();

    public final Durations fileScans = new Durations(KEPT);
    public final LongAdder httpFailures = new LongAdder();
    public final LongAdder dnsLookups = new LongAdder();
    public final LongAdder dnsLookupFailures = new LongAdder();
    public final LongAdder kubernetesFailures = new LongAdder();

    private final ConcurrentSkipListMap<Labels, Refreshes> refreshes = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Labels, LongAdder> kubernetesEvents = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Double> fileTimes = new ConcurrentSkipListMap<>();

    /** The refreshes by one mechanism for one pool. */
    public static final class Refreshes {
        public final LongAdder failures = new LongAdder();
        public final Durations durations = new Durations(KEPT);
    }

    public DiscoveryMetrics() {
        for (KubernetesRole role : KubernetesRole.values()) {
            for (String event : List.of("add", "delete", "update")) {
                kubernetesEvents.put(Labels.of("event", event, "role", role.text()), new LongAdder());
            }
        }
    }

    /** The refreshes by a mechanism, for example {@code http}, for a pool. */
    public Refreshes refreshes(String mechanism, String pool) {
        return refreshes.computeIfAbsent(Labels.of("config", pool, "mechanism", mechanism), _ -> new Refreshes());
    }

    /** All refreshes, by the labels {@code config}, the pool, and {@code mechanism}. */
    public Map<Labels, Refreshes> refreshes() {
        return new TreeMap<>(refreshes);
    }

    /** Counts an event of Kubernetes' API: {@code add}, {@code delete} or {@code update}. */
    public void kubernetesEvent(KubernetesRole role, String event) {
        LongAdder count = kubernetesEvents.get(Labels.of("event", event, "role", role.text()));
        if (count != null) {
            count.increment();
        }
    }

    /** How many events of Kubernetes' API there were, by the labels {@code event} and {@code role}. */
    public Map<Labels, Long> kubernetesEvents() {
        Map<Labels, Long> counts = new TreeMap<>();
        kubernetesEvents.forEach((labels, count) -> counts.put(labels, count.sum()));
        return counts;
    }

    /** Notes when a file of targets was written last, in seconds since the epoch. */
    public void fileTime(String file, double seconds) {
        fileTimes.put(file, seconds);
    }

    /** A file is not read any more. */
    public void fileGone(String file) {
        fileTimes.remove(file);
    }

    /** When each file of targets was written last, in seconds since the epoch. */
    public Map<String, Double> fileTimes() {
        return new TreeMap<>(fileTimes);
    }
}
