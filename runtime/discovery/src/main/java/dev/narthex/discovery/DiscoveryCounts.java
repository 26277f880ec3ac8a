// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import java.util.Map;

/**
 * What the discovery has done so far, for the server's own metrics.
 *
 * @param discoveredTargets targets found a pool
 * @param receivedUpdates updates that discoverers have sent
 * @param sentUpdates updates passed on to pools
 * @param failedConfigs configurations of which no discoverer could be made
 */
public record DiscoveryCounts(
        Map<String, Integer> discoveredTargets, long receivedUpdates, long sentUpdates, int failedConfigs) {}
