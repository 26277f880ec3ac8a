// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.config.section.ResourceId;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in the files of Prometheus and Alertmanager, read at the start, when somebody asks, and where that is
 * wanted, when their contents have changed.
 */
public final class FileSource implements ConfigurationSource {
    private static final Logger log = Logger.getLogger(FileSource.class);

    private final ConfigurationFiles files;
    private final Path prometheus;
    private final @Nullable Path alertmanager;
    private final ConfigurationControl control;
    private final Scheduler scheduler;
    private final Duration interval;
    private String checksum = "";
    private volatile boolean stopped;

    /** @param interval how often the files are looked at, zero for never */
    public FileSource(
            ConfigurationFiles files,
            Path prometheus,
            @Nullable Path alertmanager,
            ConfigurationControl control,
            Scheduler scheduler,
            Duration interval) {
        this.files = files;
        this.prometheus = prometheus;
        this.alertmanager = alertmanager;
        this.control = control;
        this.scheduler = scheduler;
        this.interval = interval;
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
        if (!interval.isZero()) {
            scheduler.schedule(interval, this::look);
        }
    }

    private void look() {
        if (stopped) {
            return;
        }
        try {
            if (hasChanged()) {
                log.info("configuration files have changed");
                reload();
            }
        } catch (ConfigException e) {
            log.errorf("configuration not reloaded, the former one goes on err=%s", e.getMessage());
        } finally {
            scheduler.schedule(interval, this::look);
        }
    }

    private synchronized boolean hasChanged() throws ConfigException {
        return !checksum().equals(checksum);
    }

    private String checksum() throws ConfigException {
        return FileChecksum.of(ConfigurationFiles.files(
                prometheus,
                Optional.ofNullable(alertmanager),
                control.loaded().configuration().prometheus()));
    }

    @Override
    public synchronized void reload() throws ConfigException {
        try {
            // Before the files are read: what changes in between is seen as a change.
            checksum = interval.isZero() ? "" : checksum();
            control.apply(files.load(prometheus, Optional.ofNullable(alertmanager)));
            // The patterns may be others now.
            checksum = interval.isZero() ? "" : checksum();
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
    public void stop(Duration deadline) {
        stopped = true;
    }
}
