// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

/**
 * The signals of the process. Java has no supported type for them; this is the only place that uses the one that all
 * JDKs and native executables have. With a handler, a termination by signal can end with exit code 0.
 */
final class ProcessSignals {
    private ProcessSignals() {}

    /** Runs an action on a thread of its own whenever a signal comes: {@code TERM}, {@code INT}, {@code HUP}. */
    static void on(String signal, Runnable action) {
        sun.misc.Signal.handle(new sun.misc.Signal(signal), _ -> action.run());
    }
}
