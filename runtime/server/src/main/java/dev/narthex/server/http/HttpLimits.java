// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.time.Duration;

/**
 * What a listener allows.
 *
 * @param maxConnections open connections at once; further ones are closed
 * @param idleTimeout after which a connection without traffic is closed
 */
public record HttpLimits(int maxConnections, Duration idleTimeout) {
    /** The defaults of Prometheus' flags. */
    public static final HttpLimits DEFAULT = new HttpLimits(512, Duration.ofMinutes(5));
}
