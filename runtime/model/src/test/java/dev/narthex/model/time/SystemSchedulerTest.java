// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemSchedulerTest {
    private static final Duration LATER = Duration.ofHours(1);

    private final SystemScheduler scheduler = new SystemScheduler("test");

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static Thread soon(CompletableFuture<Thread> by) throws Exception {
        return by.get(60, TimeUnit.SECONDS);
    }

    @Test
    void runsTasksOnThreadsThatMayBlock() throws Exception {
        CompletableFuture<Thread> by = new CompletableFuture<>();
        Scheduler.Task task = scheduler.schedule(Duration.ofMillis(-1), () -> by.complete(Thread.currentThread()));
        assertThat(soon(by).isVirtual()).isTrue();
        assertThat(soon(by).getName()).startsWith("test/");
        assertThat(task.cancel()).isFalse();
    }

    @Test
    void goesOnAfterATaskThatFails() throws Exception {
        Scheduler.Task _ = scheduler.schedule(Duration.ZERO, () -> {
            throw new AssertionError("on purpose");
        });
        CompletableFuture<Thread> by = new CompletableFuture<>();
        Scheduler.Task _ = scheduler.schedule(Duration.ZERO, () -> by.complete(Thread.currentThread()));
        assertThat(soon(by)).isNotNull();
    }

    @Test
    void aTaskIsCancelledOnce() {
        Scheduler.Task task = scheduler.schedule(LATER, () -> {});
        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
    }

    /** Such as the next one of a task that repeats itself. */
    @Test
    void dropsWhatIsScheduledOnceItIsClosed() throws Exception {
        CompletableFuture<Thread> running = new CompletableFuture<>();
        CompletableFuture<Thread> closed = new CompletableFuture<>();
        CompletableFuture<Thread> rescheduled = new CompletableFuture<>();
        Scheduler.Task _ = scheduler.schedule(Duration.ZERO, () -> {
            running.complete(Thread.currentThread());
            closed.join();
            Scheduler.Task next = scheduler.schedule(Duration.ZERO, () -> {});
            if (next.cancel()) {
                rescheduled.complete(Thread.currentThread());
            }
        });
        assertThat(soon(running)).isNotNull();
        scheduler.close();
        closed.complete(Thread.currentThread());
        assertThat(soon(rescheduled)).isEqualTo(soon(running));
    }
}
