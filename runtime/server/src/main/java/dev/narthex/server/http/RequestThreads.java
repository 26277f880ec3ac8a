// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer requests. They are of the system, not virtual: to compute an answer and to write megabytes of
 * JSON would keep a carrier from the scrapes for as long as it takes, while the system shares the processors out among
 * threads. As many as there are requests at once; idle ones end. Safe for use by many threads.
 */
final class RequestThreads implements Executor {
    private static final int MOST = 1_024;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MOST,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("http/", 0).daemon().factory());

    /** @throws RejectedExecutionException where all are taken, or none are given any more */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Gives no more threads; those at work go on. */
    void stop() {
        threads.shutdown();
    }
}
