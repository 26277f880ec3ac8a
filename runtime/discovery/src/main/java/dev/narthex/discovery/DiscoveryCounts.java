// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import java.util.Map;

/**
 * What the discovery has done so far, for the server's own metrics.
 *
 * @param discoveredTargets targets found a pool
 * @param receivedUpdates updates that discoverers have sent
 * @param sentUpdates updates passed on to pools
 * @param delayedUpdates updates that had to wait, since others had been passed on just before
 * @param lastUpdates when each pool was last told its targets, in seconds since 1970
 * @param failedConfigs configurations of which no discoverer could be made
 */
public record DiscoveryCounts(
        Map<String, Integer> discoveredTargets,
        long receivedUpdates,
        long sentUpdates,
        long delayedUpdates,
        Map<String, Double> lastUpdates,
        int failedConfigs) {}
