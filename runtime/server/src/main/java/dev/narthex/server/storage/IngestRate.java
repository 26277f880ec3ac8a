// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import dev.narthex.model.time.Scheduler;
import dev.narthex.server.lifecycle.Component;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** How many samples are appended per second, averaged over the last minute. */
public final class IngestRate implements Component {
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int STEPS = 12;

    private final Scheduler scheduler;
    private final LongSupplier samplesAppended;

    /** Readings, oldest first; guarded by this object. */
    private final Deque<Reading> readings = new ArrayDeque<>();

    private boolean stopped;

    private record Reading(long nanos, long samples) {}

    public IngestRate(Scheduler scheduler, LongSupplier samplesAppended) {
        this.scheduler = scheduler;
        this.samplesAppended = samplesAppended;
    }

    @Override
    public String name() {
        return "ingest rate";
    }

    @Override
    public void start() {
        read();
    }

    private synchronized void read() {
        if (stopped) {
            return;
        }
        readings.addLast(now());
        if (readings.size() > STEPS) {
            readings.removeFirst();
        }
        scheduler.schedule(STEP, this::read);
    }

    private Reading now() {
        return new Reading(scheduler.ticker().nanos(), samplesAppended.getAsLong());
    }

    /** Samples per second; 0 before the first reading. */
    public synchronized double perSecond() {
        Reading oldest = readings.peekFirst();
        if (oldest == null) {
            return 0;
        }
        Reading newest = now();
        double seconds = (newest.nanos() - oldest.nanos()) / 1e9;
        return seconds <= 0 ? 0 : Math.max(0, newest.samples() - oldest.samples()) / seconds;
    }

    @Override
    public synchronized void stop(Duration deadline) {
        stopped = true;
    }
}
