// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.lifecycle;

import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts components in the order of a list and stops them in reverse. When one fails to start, those before it are
 * stopped again. What fails while stopping is gathered: every component is stopped, whatever the others do.
 */
public final class Lifecycle {
    private static final Logger log = Logger.getLogger(Lifecycle.class);

    /** What the lifecycle is doing. */
    public enum State {
        NEW,
        STARTING,
        RUNNING,
        STOPPING,
        STOPPED
    }

    private final List<Component> components;
    private final Ticker ticker;
    private final Deque<Component> started = new ArrayDeque<>();
    private volatile State state = State.NEW;
    private volatile boolean isGivenUp;

    public Lifecycle(List<Component> components, Ticker ticker) {
        this.components = List.copyOf(components);
        this.ticker = ticker;
    }

    public State state() {
        return state;
    }

    /**
     * Starts all components.
     *
     * @param stopLimit how long stopping may take where one fails to start
     * @throws IOException when one cannot start; those before it have been stopped, their failures are suppressed in it
     */
    public void start(Duration stopLimit) throws IOException, InterruptedException {
        state = State.STARTING;
        for (Component component : components) {
            long startNanos = ticker.nanos();
            started.push(component);
            try {
                if (isGivenUp) {
                    throw new IOException("told to end before " + component.name() + " was started");
                }
                component.start();
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                stop(stopLimit).forEach(e::addSuppressed);
                throw e;
            }
            log.debugf("started component=%s duration_ms=%d", component.name(), elapsedMs(startNanos));
        }
        state = State.RUNNING;
    }

    /**
     * Lets a start that is under way end early, by a failure; from any thread. Of what has been started nothing changes.
     */
    public void giveUpStarting() throws InterruptedException {
        isGivenUp = true;
        if (state == State.NEW || state == State.STARTING) {
            for (Component component : components) {
                component.giveUpStarting();
            }
        }
    }

    /** Whether somebody gave the start up. */
    public boolean isGivenUp() {
        return isGivenUp;
    }

    /**
     * Stops what was started, in reverse order, each with what is left of the limit.
     *
     * @return what went wrong, empty after a clean stop
     */
    public List<Throwable> stop(Duration limit) {
        state = State.STOPPING;
        long endNanos = ticker.nanos() + limit.toNanos();
        List<Throwable> failures = new ArrayList<>();
        boolean interrupted = false;
        while (!started.isEmpty()) {
            Component component = started.pop();
            long startNanos = ticker.nanos();
            Throwable failure = stop(component, Duration.ofNanos(Math.max(0, endNanos - startNanos)));
            if (failure instanceof InterruptedException) {
                interrupted = true;
            }
            if (failure != null) {
                log.errorf(failure, "stop failed component=%s", component.name());
                failures.add(failure);
            }
            log.debugf("stopped component=%s duration_ms=%d", component.name(), elapsedMs(startNanos));
        }
        state = State.STOPPED;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return failures;
    }

    private static @Nullable Throwable stop(Component component, Duration deadline) {
        try {
            component.stop(deadline);
            return null;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            return e;
        }
    }

    private long elapsedMs(long startNanos) {
        return Duration.ofNanos(ticker.nanos() - startNanos).toMillis();
    }
}
