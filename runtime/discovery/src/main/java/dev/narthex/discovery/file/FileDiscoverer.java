// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.file;

import dev.narthex.config.ConfigException;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.file.PathGlob;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.discovery.TargetGroupReader;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads target groups from JSON and YAML files ({@code file_sd_configs}). Looks once a second whether a file has come,
 * changed or gone, which also sees what arrives by a renamed link or over a network, and reads all again after the
 * refresh interval. A file that cannot be read keeps the groups that it had. Safe for use by many threads.
 */
public final class FileDiscoverer implements Discoverer {
    private static final Logger log = Logger.getLogger(FileDiscoverer.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final String FILE_PATH = "__meta_filepath";
    private static final double MS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final FileDiscoveryConfig config;
    private final Scheduler scheduler;
    private final DiscoveryMetrics metrics;

    /** What is known of each file: its state when it was read last, and how many groups it has. */
    private final Map<String, Known> known = new LinkedHashMap<>();

    private long lastReadNanos;
    private boolean readBefore;
    private Scheduler.@Nullable Task task;
    private boolean closed;

    private record Known(Object state, int groups) {}

    public FileDiscoverer(FileDiscoveryConfig config, Scheduler scheduler, DiscoveryMetrics metrics) {
        this.config = config;
        this.scheduler = scheduler;
        this.metrics = metrics;
    }

    @Override
    public synchronized void start(Consumer<List<TargetGroup>> sink) {
        schedule(Duration.ZERO, sink);
    }

    private synchronized void schedule(Duration delay, Consumer<List<TargetGroup>> sink) {
        if (!closed) {
            task = scheduler.schedule(delay, () -> look(sink));
        }
    }

    private void look(Consumer<List<TargetGroup>> sink) {
        try {
            long nowNanos = scheduler.ticker().nanos();
            boolean all = !readBefore
                    || nowNanos - lastReadNanos >= config.refreshInterval().toNanos();
            if (all) {
                lastReadNanos = nowNanos;
            }
            List<TargetGroup> update = update(all);
            if (all) {
                metrics.fileScans.note((scheduler.ticker().nanos() - nowNanos) / NANOS_PER_SECOND);
            }
            boolean first = !readBefore;
            readBefore = true;
            if (first || !update.isEmpty()) {
                sink.accept(update);
            }
        } finally {
            schedule(LOOK_INTERVAL, sink);
        }
    }

    /** What has changed; where all are read again, all that there is. */
    private List<TargetGroup> update(boolean all) {
        List<TargetGroup> update = new ArrayList<>();
        Map<String, Known> left = new HashMap<>(known);
        for (String pattern : config.files()) {
            List<Path> files;
            try {
                files = PathGlob.expand(Path.of(pattern));
            } catch (IOException e) {
                metrics.fileWatcherErrors.increment();
                log.warnf("files of targets not found pattern=%s err=%s", pattern, e);
                files = List.of();
            }
            for (Path file : files) {
                left.remove(file.toString());
                read(file, all, update);
            }
        }
        left.forEach((file, before) -> {
            known.remove(file);
            metrics.fileGone(file);
            addGone(file, 0, before.groups, update);
        });
        return update;
    }

    private void read(Path file, boolean all, List<TargetGroup> update) {
        String name = file.toString();
        Known before = known.get(name);
        Object state = List.of();
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            state = List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            if (!all && before != null && state.equals(before.state)) {
                return;
            }
            List<TargetGroupReader.Group> groups = TargetGroupReader.readFile(file);
            for (int i = 0; i < groups.size(); i++) {
                TargetGroupReader.Group group = groups.get(i);
                update.add(new TargetGroup(
                        source(name, i),
                        group.labels().toBuilder().set(FILE_PATH, name).build(),
                        group.targets()));
            }
            addGone(name, groups.size(), before == null ? 0 : before.groups, update);
            known.put(name, new Known(state, groups.size()));
            metrics.fileTime(name, attributes.lastModifiedTime().toMillis() / MS_PER_SECOND);
        } catch (IOException | ConfigException e) {
            metrics.fileReadErrors.increment();
            // The state is noted, so that it is not read and complained about again until it changes.
            known.put(name, new Known(state, before == null ? 0 : before.groups));
            log.warnf("file of targets not read, its last targets stay file=%s err=%s", name, e.getMessage());
        }
    }

    private static void addGone(String file, int from, int to, List<TargetGroup> update) {
        for (int i = from; i < to; i++) {
            update.add(TargetGroup.gone(source(file, i)));
        }
    }

    private static String source(String file, int index) {
        return file + ":" + index;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (task != null) {
            task.cancel();
        }
        known.keySet().forEach(metrics::fileGone);
    }
}
