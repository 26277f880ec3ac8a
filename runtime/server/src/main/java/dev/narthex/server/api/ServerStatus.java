// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import java.time.Instant;
import java.util.Map;

/**
 * What the status answers say of the server itself.
 *
 * @param hostname of the machine
 * @param workingDirectory of the process
 * @param flags by name, as given or by default
 */
public record ServerStatus(Instant startTime, String hostname, String workingDirectory, Map<String, String> flags) {
    public ServerStatus {
        flags = Map.copyOf(flags);
    }
}
