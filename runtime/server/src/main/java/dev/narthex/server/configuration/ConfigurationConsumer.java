// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.Configuration;

/** A room that runs by the configuration. */
@FunctionalInterface
public interface ConfigurationConsumer {
    /** Takes over a configuration; what is the same as before goes on undisturbed. */
    void apply(Configuration configuration);
}
