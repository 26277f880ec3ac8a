// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides when a status is written: only on change, not too often for one resource, and not while it will probably be
 * another soon. Safe for use by many threads.
 *
 * @param <K> identifies a resource
 */
public final class StatusPacer<K> {
    private final Duration interval;
    private final Duration grace;
    private final Map<K, Pace> paces = new HashMap<>();

    private record Pace(Instant lastWrite, Instant passingSince) {}

    /**
     * Makes a pacer.
     *
     * @param interval least time between two writings for one resource
     * @param grace how long a passing state is held back
     */
    public StatusPacer(Duration interval, Duration grace) {
        this.interval = interval;
        this.grace = grace;
    }

    /**
     * How long to wait before a status that differs from the stored one is written; zero: write it, and say so to
     * {@link #written}.
     *
     * @param passing whether it will probably be another soon
     */
    public synchronized Duration delay(K resource, boolean passing, Instant now) {
        Pace pace = paces.getOrDefault(resource, new Pace(Instant.MIN, Instant.MAX));
        Instant passingSince = passing && pace.passingSince().equals(Instant.MAX) ? now : pace.passingSince();
        if (!passing) {
            passingSince = Instant.MAX;
        }
        paces.put(resource, new Pace(pace.lastWrite(), passingSince));
        Instant due =
                pace.lastWrite().equals(Instant.MIN) ? now : pace.lastWrite().plus(interval);
        if (passing) {
            Instant settled = passingSince.plus(grace);
            due = settled.isAfter(due) ? settled : due;
        }
        return due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
    }

    /** Notes that the status of a resource was written. */
    public synchronized void written(K resource, Instant now) {
        Pace pace = paces.getOrDefault(resource, new Pace(Instant.MIN, Instant.MAX));
        paces.put(resource, new Pace(now, pace.passingSince()));
    }

    /** Notes that the status of a resource is as it should be. */
    public synchronized void settled(K resource) {
        paces.computeIfPresent(resource, (key, pace) -> new Pace(pace.lastWrite(), Instant.MAX));
    }

    /** Forgets a resource that is gone. */
    public synchronized void forget(K resource) {
        paces.remove(resource);
    }
}
