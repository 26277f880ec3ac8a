// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigProblem;
import dev.narthex.config.Configuration;
import java.util.List;

/** A room that runs by the configuration. */
@FunctionalInterface
public interface ConfigurationConsumer {
    /** Takes over a configuration; what is the same as before goes on undisturbed. */
    void apply(Configuration configuration);

    /** What keeps a configuration from being taken over, looked for before anybody takes it over. */
    default List<ConfigProblem> problems(Configuration configuration) {
        return List.of();
    }
}
