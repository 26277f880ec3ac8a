// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlinesTest {
    private final Ticker ticker = Ticker.system();
    private final CountDownLatch never = new CountDownLatch(1);

    private Deadlines.Watch begin(Deadlines deadlines, Duration time) {
        return Objects.requireNonNull(deadlines.begin(ticker.nanos() + time.toNanos()));
    }

    /** Waits to be interrupted. */
    private void waitInVain() {
        try {
            assertThat(never.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theOneWhoseTimeIsOverIsInterruptedThoughAnotherHasLonger() {
        try (Deadlines deadlines = new Deadlines(ticker)) {
            Deadlines.Watch longer = begin(deadlines, Duration.ofHours(1));
            Deadlines.Watch shorter = begin(deadlines, Duration.ofMillis(20));
            waitInVain();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(deadlines.end(shorter)).isEqualTo(Deadlines.Reason.TIME_IS_OVER);
            assertThat(deadlines.end(longer)).isNull();
        }
    }

    @Test
    void whatBeginsWhenNothingIsWatchedAnyMoreIsWatched() {
        try (Deadlines deadlines = new Deadlines(ticker)) {
            for (int i = 0; i < 3; i++) {
                Deadlines.Watch watch = begin(deadlines, Duration.ofMillis(5));
                waitInVain();
                assertThat(Thread.interrupted()).isTrue();
                assertThat(deadlines.end(watch)).isEqualTo(Deadlines.Reason.TIME_IS_OVER);
            }
        }
    }

    @Test
    void whatHasEndedIsNotInterrupted() {
        AtomicLong nanos = new AtomicLong();
        try (Deadlines deadlines = new Deadlines(nanos::get)) {
            Deadlines.Watch ended = Objects.requireNonNull(deadlines.begin(1_000_000));
            assertThat(deadlines.end(ended)).isNull();
            nanos.set(2_000_000);
            Deadlines.Watch later = Objects.requireNonNull(deadlines.begin(2_000_000));
            waitInVain();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(deadlines.end(later)).isEqualTo(Deadlines.Reason.TIME_IS_OVER);
            assertThat(deadlines.end(ended)).isNull();
        }
    }

    @Test
    void aStopInterruptsEveryoneAndLetsNobodyBegin() throws InterruptedException {
        Deadlines deadlines = new Deadlines(ticker);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Deadlines.Reason> reason = new AtomicReference<>();
        Thread query = Thread.ofPlatform().start(() -> {
            Deadlines.Watch watch = begin(deadlines, Duration.ofHours(1));
            begun.countDown();
            waitInVain();
            reason.set(deadlines.end(watch));
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        deadlines.close();
        query.join();
        assertThat(reason.get()).isEqualTo(Deadlines.Reason.STOP);
        assertThat(deadlines.begin(ticker.nanos())).isNull();
    }
}
