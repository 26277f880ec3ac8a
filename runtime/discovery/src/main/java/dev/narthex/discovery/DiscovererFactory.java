// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.DiscoveryConfig;

/** Makes the discoverer of a configuration. */
@FunctionalInterface
public interface DiscovererFactory {
    /** Makes a discoverer that has not been started; connects to nothing. */
    Discoverer create(DiscoveryConfig config);

    /** The same; the first pool that asks for the targets is known, for the names of metrics. */
    default Discoverer create(DiscoveryConfig config, String pool) {
        return create(config);
    }
}
