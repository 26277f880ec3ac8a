// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.config.WebConfig;

/** Lets requests through as a rate limit says. Safe for use by many threads. */
final class TokenBucket {
    private final WebConfig.RateLimit limit;
    private double tokens;
    private long lastNanos;

    /** Full at first. */
    TokenBucket(WebConfig.RateLimit limit, long nowNanos) {
        this.limit = limit;
        this.tokens = limit.burst();
        this.lastNanos = nowNanos;
    }

    WebConfig.RateLimit limit() {
        return limit;
    }

    /** Whether a request may go through now, which then counts. */
    synchronized boolean take(long nowNanos) {
        if (!limit.isLimited()) {
            return true;
        }
        tokens = Math.min(
                (double) limit.burst(),
                tokens + (nowNanos - lastNanos) / (double) limit.interval().toNanos());
        lastNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
