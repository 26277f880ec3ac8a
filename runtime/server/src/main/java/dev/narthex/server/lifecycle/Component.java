// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.lifecycle;

import java.io.IOException;
import java.time.Duration;

/**
 * A long-lived part of the process. Started once and stopped once, by the thread that drives the {@link Lifecycle}; only
 * {@link #giveUpStarting} comes from others.
 */
public interface Component {
    /** What the log calls it. */
    String name();

    /**
     * Starts it; when this returns it works.
     *
     * @throws IOException when it cannot, for a reason outside the process
     */
    void start() throws IOException, InterruptedException;

    /**
     * Says that nobody waits for {@link #start} any more: one that takes long ends early, with an {@link IOException}.
     *
     * @throws InterruptedException when the caller is not to wait for what is under way
     */
    default void giveUpStarting() throws InterruptedException {
        // Most start at once.
    }

    /**
     * Stops it and releases what it holds. Called also where {@link #start} failed half way.
     *
     * @param deadline how long it may take at most
     */
    void stop(Duration deadline) throws IOException, InterruptedException;
}
