// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.time.Ticker;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** The moment by which a whole answer must be there. */
final class Deadline {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Ticker ticker;
    private final long endNanos;

    private Deadline(Ticker ticker, long endNanos) {
        this.ticker = ticker;
        this.endNanos = endNanos;
    }

    static Deadline after(Duration timeout, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + timeout.toNanos());
    }

    /** What is left, as a timeout for a socket: at least one. */
    int remainingMs() throws HttpTimeoutException {
        long leftNanos = endNanos - ticker.nanos();
        if (leftNanos <= 0) {
            throw exceeded();
        }
        return Math.clamp(leftNanos / NANOS_PER_MS, 1, Integer.MAX_VALUE);
    }

    Duration remaining() throws HttpTimeoutException {
        return Duration.ofMillis(remainingMs());
    }

    /** The failure in Prometheus' words. */
    static HttpTimeoutException exceeded() {
        return new HttpTimeoutException("context deadline exceeded");
    }
}
