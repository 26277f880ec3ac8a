// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.section.ResourceId;
import dev.narthex.server.lifecycle.Component;
import java.util.Optional;

/** A component that keeps a {@link ConfigurationControl} up to date from the moment it is started. */
public interface ConfigurationSource extends Component {
    /**
     * Reads the configuration anew, because somebody asked.
     *
     * @throws ConfigException when it cannot be used; what runs goes on
     */
    void reload() throws ConfigException;

    /** The StorageVolume whose configuration this is; none where it comes from files. */
    Optional<ResourceId> storageVolume();
}
