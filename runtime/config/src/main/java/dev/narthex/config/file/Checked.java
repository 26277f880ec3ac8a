// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.List;

/**
 * A configuration that the peer would take.
 *
 * @param value what it says
 * @param unsupported what of it this build cannot do, by name and place; a server must not run it then
 */
public record Checked<T>(T value, List<ConfigProblem> unsupported) {
    public Checked {
        unsupported = List.copyOf(unsupported);
    }

    /**
     * The value, for a server to run.
     *
     * @throws ConfigException with everything that this build cannot do
     */
    public T supported() throws ConfigException {
        if (!unsupported.isEmpty()) {
            throw new ConfigException(unsupported);
        }
        return value;
    }
}
