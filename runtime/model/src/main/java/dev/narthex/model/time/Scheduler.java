// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Runs work later. The clock that it goes by is its own: in production the machine's, in tests a manual one that runs
 * what is due when it is moved on.
 */
public interface Scheduler {
    /** The clock that this scheduler goes by. */
    InstantSource clock();

    /** The elapsed time that this scheduler goes by. */
    Ticker ticker();

    /**
     * Runs a task once after a delay, at once where the delay is zero or negative. The task runs on a thread of the
     * scheduler's choice (a virtual thread in production) and may block there; what it throws is logged and goes no
     * further. Repetition is the task's own business: it schedules itself again, so that a late run never piles up.
     */
    Task schedule(Duration delay, Runnable task);

    /**
     * Runs a task once after a delay, as {@link #schedule} does, but perhaps on the thread that keeps the time: the task
     * is over soon, and what blocks for longer it hands to {@link #goOnBlocking}.
     */
    default Task scheduleBrief(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    /** Runs what a brief task has left to do on a thread that may block: this one, where it may. */
    default void goOnBlocking(Runnable rest) {
        rest.run();
    }

    /** A task that waits for its time. */
    interface Task {
        /** Keeps the task from running; true when it had not started yet. A running task is not interrupted. */
        boolean cancel();
    }
}
