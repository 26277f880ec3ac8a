// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.time.Duration;

/** A way to deliver notifications. Safe for use by many threads. */
interface Integration {
    /** How an attempt to deliver ended. */
    sealed interface Outcome {}

    /** It was taken. */
    record Delivered() implements Outcome {}

    /**
     * It was not taken.
     *
     * @param message what went wrong, without secrets
     * @param recoverable whether another attempt may succeed
     */
    record Failed(FailureReason reason, String message, boolean recoverable) implements Outcome {}

    /** Tries once to deliver, and blocks meanwhile for no longer than the limit. */
    Outcome notify(Notification notification, Duration limit) throws InterruptedException;
}
