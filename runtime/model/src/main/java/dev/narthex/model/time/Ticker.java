// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

/** Elapsed time: differences of its readings are durations, whatever the wall clock does. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed moment; never goes back. */
    long nanos();

    static Ticker system() {
        return System::nanoTime;
    }
}
