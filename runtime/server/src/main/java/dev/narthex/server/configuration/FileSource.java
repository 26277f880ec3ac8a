// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.config.section.ResourceId;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    /** As they were before they were read last: what changes while they are read is seen as a change. */
    private FileDigests lastRead = FileDigests.NONE;
    /** The further files that prometheus.yml named when it last was a good one. */
    private List<Path> named = List.of();

    /** What the files said just before; forgotten when it is put to work. */
    private @Nullable Configuration first;

    private volatile boolean stopped;

    /**
     * Makes a source that has read nothing yet.
     *
     * @param first what the files say, as who checks them before a start has found; null to have them read
     * @param interval how often the files are looked at, zero for never
     */
    public FileSource(
            ConfigurationFiles files,
            Path prometheus,
            @Nullable Path alertmanager,
            @Nullable Configuration first,
            ConfigurationControl control,
            Scheduler scheduler,
            Duration interval) {
        this.first = first;
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

    private synchronized boolean hasChanged() {
        return !present().equals(lastRead);
    }

    /** What is in all files now; who is named by a file that is no good any more stays. */
    private FileDigests present() {
        List<Path> main = new ArrayList<>();
        main.add(prometheus);
        if (alertmanager != null) {
            main.add(alertmanager);
        }
        FileDigests found = FileDigests.NONE.with(main);
        try {
            named = files.named(prometheus);
        } catch (ConfigException _) {
            // Who reads it says why.
        }
        return found.with(named);
    }

    @Override
    public synchronized void reload() throws ConfigException {
        boolean looking = !interval.isZero();
        // Who looks for changes must know what they are told from.
        Configuration known = looking ? null : first;
        first = null;
        if (looking) {
            lastRead = present();
        }
        try {
            control.apply(known == null ? files.load(prometheus, Optional.ofNullable(alertmanager)) : known);
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
