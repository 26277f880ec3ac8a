// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.config.section.ResourceId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration in the files of Prometheus and Alertmanager, read at the start and when somebody asks. */
public final class FileSource implements ConfigurationSource {
    private final ConfigurationFiles files;
    private final Path prometheus;
    private final @Nullable Path alertmanager;
    private final ConfigurationControl control;

    public FileSource(
            ConfigurationFiles files, Path prometheus, @Nullable Path alertmanager, ConfigurationControl control) {
        this.files = files;
        this.prometheus = prometheus;
        this.alertmanager = alertmanager;
        this.control = control;
    }

    @Override
    public String name() {
        return "configuration " + prometheus;
    }

    @Override
    public void start() throws IOException {
        try {
            reload();
        } catch (ConfigException e) {
            throw new UnusableConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public synchronized void reload() throws ConfigException {
        try {
            control.apply(files.load(prometheus, Optional.ofNullable(alertmanager)));
        } catch (ConfigException e) {
            control.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public Optional<ResourceId> storageVolume() {
        return Optional.empty();
    }

    @Override
    public void stop(Duration deadline) {}
}
