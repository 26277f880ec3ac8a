// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.time.Duration;

/**
 * What a listener allows.
 *
 * @param maxConnections connections that are served at once; further ones wait
 * @param idleTimeout after which a connection is closed that waits for a request, or for the end of one
 */
public record HttpLimits(int maxConnections, Duration idleTimeout) {
    /** The defaults of Prometheus' flags. */
    public static final HttpLimits DEFAULT = new HttpLimits(512, Duration.ofMinutes(5));
}
