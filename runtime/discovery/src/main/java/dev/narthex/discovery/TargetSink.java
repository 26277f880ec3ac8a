// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import java.util.List;

/** Takes what has been found for a scrape pool. */
@FunctionalInterface
public interface TargetSink {
    /**
     * Takes all groups of a pool; called one at a time.
     *
     * @param pool the name under which the pool was given to {@link DiscoveryManager#apply}
     */
    void targets(String pool, List<TargetGroup> groups);
}
