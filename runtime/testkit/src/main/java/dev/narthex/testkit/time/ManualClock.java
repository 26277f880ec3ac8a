// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.time;

import dev.narthex.model.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A wall clock and elapsed time that stand still until a test moves them. Both move on together by {@link #advance};
 * {@link #jumpTo} moves the wall clock alone, as an administrator or a time daemon does.
 */
public final class ManualClock implements InstantSource, Ticker {
    /** Where a clock starts that is told nothing else: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now;
    private long elapsedNanos;

    public ManualClock() {
        this(START);
    }

    public ManualClock(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return elapsedNanos;
    }

    /** Lets time pass; the duration must not be negative. */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration: elapsed time cannot go back, found " + duration
                    + "; use jumpTo to move the wall clock alone");
        }
        now = now.plus(duration);
        elapsedNanos += duration.toNanos();
    }

    /** Sets the wall clock, forwards or backwards, without any time passing. */
    public synchronized void jumpTo(Instant instant) {
        now = instant;
    }
}
