// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;

/**
 * What an alertmanager.yml says.
 *
 * @param resolveTimeout when an alert that came without an end, and is not sent again, counts as resolved
 * @param route the root of the routing tree: it takes every alert
 */
public record AlertmanagerConfig(Duration resolveTimeout, RouteConfig route, List<ReceiverConfig> receivers) {
    public static final Duration DEFAULT_RESOLVE_TIMEOUT = Duration.ofMinutes(5);

    /** The name of the receiver that a configuration without any receivers sends to: it delivers nowhere. */
    public static final String NULL_RECEIVER = "null";

    /** A configuration that takes alerts and sends them nowhere. */
    public static final AlertmanagerConfig EMPTY = new AlertmanagerConfig(
            DEFAULT_RESOLVE_TIMEOUT,
            RouteConfig.root(NULL_RECEIVER),
            List.of(new ReceiverConfig(NULL_RECEIVER, List.of())));

    public AlertmanagerConfig {
        receivers = List.copyOf(receivers);
    }
}
