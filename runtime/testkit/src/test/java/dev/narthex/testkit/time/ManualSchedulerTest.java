// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narthex.model.time.Scheduler.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsInOrderOfDueTimeWithTheClockAtEach() {
        at(20, "b");
        at(10, "a");
        at(20, "c");
        at(31, "too late");

        scheduler.advance(Duration.ofSeconds(30));

        assertThat(ran).containsExactly("a at 10", "b at 20", "c at 20");
        assertThat(scheduler.clock().instant()).isEqualTo(ManualClock.START.plusSeconds(30));
        assertThat(scheduler.pending()).isEqualTo(1);
    }

    @Test
    void runsWhatATaskSchedulesOnTheWay() {
        repeat();

        scheduler.advance(Duration.ofDays(1));

        assertThat(ran).hasSize(24 * 60).last().isEqualTo("repeat at 86400");
    }

    private void repeat() {
        var _ = scheduler.schedule(Duration.ofMinutes(1), () -> {
            note("repeat");
            repeat();
        });
    }

    @Test
    void runsDueTasksOnlyWhenTold() {
        var _ = scheduler.schedule(Duration.ofSeconds(-1), () -> note("now"));
        assertThat(ran).isEmpty();

        scheduler.runDue();

        assertThat(ran).containsExactly("now at 0");
    }

    @Test
    void cancelsOnce() {
        Task task = scheduler.schedule(Duration.ofSeconds(1), () -> note("cancelled"));

        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
        scheduler.advance(Duration.ofSeconds(2));

        assertThat(ran).isEmpty();
    }

    @Test
    void doesNotCancelWhatHasRun() {
        Task task = scheduler.schedule(Duration.ofSeconds(1), () -> note("done"));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(task.cancel()).isFalse();
    }

    @Test
    void keepsWhatTasksThrowAndGoesOn() {
        var _ = scheduler.schedule(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("broken");
        });
        at(2, "next");

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("next at 2");
        assertThat(scheduler.failures()).singleElement().hasToString("java.lang.IllegalStateException: broken");
    }

    @Test
    void advancesToTheNextTask() {
        assertThat(scheduler.advanceToNext()).isFalse();
        at(5, "five");
        assertThat(scheduler.nextDelay()).contains(Duration.ofSeconds(5));

        assertThat(scheduler.advanceToNext()).isTrue();

        assertThat(ran).containsExactly("five at 5");
    }

    @Test
    void jumpsOfTheWallClockMakeNothingDue() {
        at(10, "later");

        scheduler.manualClock().jumpTo(ManualClock.START.plusSeconds(3600));
        scheduler.runDue();

        assertThat(ran).isEmpty();
        assertThat(scheduler.ticker().nanos()).isZero();
    }

    @Test
    void elapsedTimeCannotGoBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler.manualClock().advance(Duration.ofSeconds(-1)))
                .withMessageContaining("found PT-1S");
    }

    private void at(long seconds, String name) {
        var _ = scheduler.schedule(Duration.ofSeconds(seconds), () -> note(name));
    }

    private void note(String name) {
        ran.add(name + " at " + Duration.ofNanos(scheduler.ticker().nanos()).toSeconds());
    }
}
