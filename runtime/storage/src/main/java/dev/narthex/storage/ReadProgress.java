// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import java.util.Comparator;

/**
 * Ends a read whose thread was interrupted: whatever loops over series, names or samples says how much it has done, and
 * once in a while that leads to a look. Ends the filling of a {@link SampleBuffer}, too, that is made with it. For one
 * thread.
 */
public final class ReadProgress implements SampleBuffer.Growth {
    /** Between two looks; each is what takes up to some microseconds. */
    private static final int STEPS = 1 << 10;

    private int left = STEPS;

    /**
     * Says that one thing was done, or is to be done.
     *
     * @throws ReadCanceledException when the thread was interrupted
     */
    public void step() {
        steps(1);
    }

    /** The same of many at once. */
    public void steps(int done) {
        left -= done;
        if (left < 0) {
            left = STEPS;
            ReadCanceledException.throwIfInterrupted();
        }
    }

    /** The same order, where each comparison is a step. */
    public <T> Comparator<T> counted(Comparator<? super T> order) {
        return (one, other) -> {
            step();
            return order.compare(one, other);
        };
    }

    @Override
    public void grow(SampleBuffer buffer, int capacity) {
        ReadCanceledException.throwIfInterrupted();
    }

    @Override
    public void fill(int samples) {
        steps(samples);
    }
}
