// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One thread that keeps the time of brief tasks and reads the answers of {@link RepeatedCall}s: a scrape that is due and
 * a scrape whose answer has come wake one thread once each, instead of a timer, a poller and a worker. What is large or
 * comes while the thread is late goes to virtual threads. Other tasks it leaves to another scheduler. Safe for use by many
 * threads.
 */
public final class HttpLoop implements Scheduler, AutoCloseable {
    private static final Logger log = Logger.getLogger(HttpLoop.class);
    private static final int SCRATCH_BYTES = 1 << 17;
    private static final long NANOS_PER_MS = 1_000_000;
    /** Who has been at work for so long without looking for what else there is, keeps others waiting. */
    private static final long LATE_NANOS = 5 * NANOS_PER_MS;

    private final Scheduler others;
    private final Selector selector;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> handed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean closed;

    // For the thread.
    private final Consumer<SelectionKey> whenReady = this::ready;
    private final PriorityQueue<Timed> timers = new PriorityQueue<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private long roundStartNanos;
    private boolean roundBegun;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param others runs tasks that may block; closed by its owner
     */
    public HttpLoop(String name, Scheduler others) {
        this.others = others;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for the HTTP client: " + e.getMessage(), e);
        }
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    @Override
    public InstantSource clock() {
        return others.clock();
    }

    @Override
    public Ticker ticker() {
        return others.ticker();
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        return others.schedule(delay, task);
    }

    @Override
    public Task scheduleBrief(Duration delay, Runnable task) {
        Timed timed = new Timed(ticker().nanos() + Math.max(0, delay.toNanos()), task);
        if (isOwnThread()) {
            timers.add(timed);
        } else {
            execute(() -> timers.add(timed));
        }
        return timed;
    }

    @Override
    public void goOnBlocking(Runnable rest) {
        if (isOwnThread()) {
            others.schedule(Duration.ZERO, rest);
        } else {
            rest.run();
        }
    }

    /** Runs something on a virtual thread. */
    static void fork(Runnable task) {
        Thread.ofVirtual().name("http").start(() -> guarded(task));
    }

    boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /** Runs something on the thread, soon. */
    void execute(Runnable task) {
        handed.add(task);
        if (!isOwnThread()) {
            selector.wakeup();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the thread has too much to do. For the thread. */
    boolean isLate() {
        return roundBegun && ticker().nanos() - roundStartNanos > LATE_NANOS;
    }

    private void beginRound() {
        if (!roundBegun) {
            roundBegun = true;
            roundStartNanos = ticker().nanos();
        }
    }

    /** What comes from a socket, for as long as it is looked at; direct. For the thread. */
    ByteBuffer scratch() {
        return scratch;
    }

    /** Tells a call what its socket is ready for, from now on. For the thread. */
    SelectionKey register(SocketChannel channel, LoopCall call) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ, call);
        connections.incrementAndGet();
        return key;
    }

    /** Closes the connection of a key from {@link #register}. For the thread, once. */
    void drop(SelectionKey key) {
        connections.decrementAndGet();
        close(key);
    }

    /** How many connections are open, in use or waiting. */
    int openConnections() {
        return connections.get();
    }

    /** All calls fail that have a connection. */
    void failAll(IOException failure) {
        execute(() -> {
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                if (key.attachment() instanceof LoopCall call) {
                    call.abort(failure);
                }
            }
        });
    }

    private void run() {
        try (selector) {
            while (!closed) {
                long waitMs = waitMs();
                roundBegun = false;
                if (waitMs == 0) {
                    selector.selectNow(whenReady);
                } else {
                    selector.select(whenReady, waitMs);
                }
                beginRound();
                for (Runnable task = handed.poll(); task != null; task = handed.poll()) {
                    guarded(task);
                }
                runDue();
            }
            selector.keys().forEach(HttpLoop::close);
        } catch (IOException e) {
            log.error("the thread of the HTTP client has ended", e);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // It is not used any more.
        }
    }

    /** How long there is nothing to do, in milliseconds; long where no task waits. */
    private long waitMs() {
        Timed next = next();
        if (!handed.isEmpty()) {
            return 0;
        }
        if (next == null) {
            return 60_000;
        }
        long leftNanos = next.dueNanos - ticker().nanos();
        return leftNanos <= 0 ? 0 : (leftNanos + NANOS_PER_MS - 1) / NANOS_PER_MS;
    }

    /** The first task that was not cancelled: what was, as the end of the time for an answer that has come, wakes nobody. */
    private @Nullable Timed next() {
        Timed next = timers.peek();
        while (next != null && next.isCancelled()) {
            timers.remove();
            next = timers.peek();
        }
        return next;
    }

    private void runDue() {
        long nowNanos = ticker().nanos();
        for (Timed next = timers.peek(); next != null && next.dueNanos - nowNanos <= 0; next = timers.peek()) {
            timers.remove();
            Runnable task = next.take();
            if (task != null) {
                guarded(task);
            }
        }
    }

    private void ready(SelectionKey key) {
        beginRound();
        if (key.attachment() instanceof LoopCall call) {
            guarded(call::ready);
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("task failed", e);
        }
    }

    /** Drops what has not started, and all connections. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    /** A task and its time. */
    private static final class Timed implements Task, Comparable<Timed> {
        private final long dueNanos;
        private @Nullable Runnable task;

        Timed(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        /** The task, for the first that asks. */
        synchronized @Nullable Runnable take() {
            Runnable taken = task;
            task = null;
            return taken;
        }

        @Override
        public boolean cancel() {
            return take() != null;
        }

        synchronized boolean isCancelled() {
            return task == null;
        }

        @Override
        public int compareTo(Timed other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }
    }
}
