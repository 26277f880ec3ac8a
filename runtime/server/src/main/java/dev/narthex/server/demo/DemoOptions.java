// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.demo;

import dev.narthex.server.http.ListenAddress;
import java.time.Duration;

/**
 * How the demo runs.
 *
 * @param faultAfter when after the start the fault begins by itself
 * @param faultFor how long it then lasts; zero for no such fault
 * @param seed of its random draws
 */
public record DemoOptions(ListenAddress address, Duration faultAfter, Duration faultFor, long seed) {
    /** Where the examples expect the demo. */
    public static final int DEFAULT_PORT = 9464;

    public static final String DEFAULT_FAULT_AFTER = "3s";
    public static final String DEFAULT_FAULT_FOR = "2m";
}
