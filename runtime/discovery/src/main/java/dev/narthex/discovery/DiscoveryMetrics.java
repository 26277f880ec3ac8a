// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What discoverers count, for the server's own metrics. Safe for use by many threads. */
public final class DiscoveryMetrics {
    public final LongAdder fileReadErrors = new LongAdder();
    public final LongAdder fileScans = new LongAdder();
    public final DoubleAdder fileScanSeconds = new DoubleAdder();
    public final LongAdder httpFailures = new LongAdder();
    public final LongAdder dnsLookups = new LongAdder();
    public final LongAdder dnsLookupFailures = new LongAdder();

    private final ConcurrentSkipListMap<String, Refreshes> refreshes = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Double> fileTimes = new ConcurrentSkipListMap<>();

    /** The refreshes of one mechanism. */
    public static final class Refreshes {
        public final LongAdder failures = new LongAdder();
        public final LongAdder count = new LongAdder();
        public final DoubleAdder seconds = new DoubleAdder();
    }

    /** The refreshes of a mechanism, for example {@code http}. */
    public Refreshes refreshes(String mechanism) {
        return refreshes.computeIfAbsent(mechanism, _ -> new Refreshes());
    }

    /** All refreshes, by mechanism. */
    public Map<String, Refreshes> refreshes() {
        return new TreeMap<>(refreshes);
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
