// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.manifests;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.manifest.ManifestCompiler;
import dev.narthex.crds.manifest.ManifestCompiler.Outcome;
import dev.narthex.model.time.Scheduler;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.configuration.ConfigurationSource;
import dev.narthex.server.configuration.LoadedConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in a folder of manifests. The folder is looked at twice a second; when a file has changed,
 * everything is compiled anew, what is the same goes on undisturbed, and a line tells each refusal.
 */
public final class FolderSource implements ConfigurationSource {
    private static final Duration POLL = Duration.ofMillis(500);

    private final ManifestFolder folder;
    private final ConfigurationControl control;
    private final Scheduler scheduler;
    private final Consumer<String> out;
    private final ManifestCompiler compiler = FolderCompilers.standard();
    private String fingerprint = "";
    private List<String> notes = List.of();
    private volatile @Nullable ResourceId storageVolume;
    private volatile boolean stopped;

    /** @param out takes lines for people */
    public FolderSource(Path directory, ConfigurationControl control, Scheduler scheduler, Consumer<String> out) {
        this.folder = new ManifestFolder(directory);
        this.control = control;
        this.scheduler = scheduler;
        this.out = out;
    }

    /**
     * What a folder comes to.
     *
     * @param retentionTime how long its StorageVolume keeps samples, empty where it does not say
     * @param notes what a person should know; those of refusals begin with "refused"
     */
    public record Compiled(String retentionTime, List<ResourceSection> sections, List<String> notes) {
        public Compiled {
            sections = List.copyOf(sections);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Compiles a folder without running anything.
     *
     * @throws IOException when the folder cannot be read
     */
    public static Compiled compile(Path directory) throws IOException {
        Outcome outcome = FolderCompilers.standard().compile(new ManifestFolder(directory).texts(), Map.of());
        return new Compiled(outcome.retentionTime(), outcome.sections(), outcome.notes());
    }

    @Override
    public Optional<ResourceId> storageVolume() {
        return Optional.ofNullable(storageVolume);
    }

    @Override
    public String name() {
        return "manifests in " + folder.directory();
    }

    @Override
    public void start() throws IOException {
        fingerprint = folder.fingerprint();
        load();
        scheduler.schedule(POLL, this::poll);
    }

    private void poll() {
        if (stopped) {
            return;
        }
        try {
            look();
        } finally {
            scheduler.schedule(POLL, this::poll);
        }
    }

    private synchronized void look() {
        try {
            String now = folder.fingerprint();
            if (!now.equals(fingerprint)) {
                fingerprint = now;
                load();
            }
        } catch (IOException e) {
            control.failed(name() + ": cannot be read: " + e);
        }
    }

    private synchronized void load() throws IOException {
        LoadedConfiguration before = control.loaded();
        Outcome outcome = compiler.compile(folder.texts(), before.running());
        storageVolume = outcome.storageVolume();
        control.apply(outcome.sections(), outcome.refused());
        LoadedConfiguration after = control.loaded();
        boolean changed = !after.running().equals(before.running());
        if (changed || !outcome.notes().equals(notes)) {
            notes = outcome.notes();
            int runs = Math.max(0, after.running().size() - 1);
            out.accept("manifests: " + runs + (runs == 1 ? " resource runs" : " resources run")
                    + (notes.isEmpty() ? "\n" : ", with notes:\n"));
            notes.forEach(note -> out.accept("  " + note.replace("\n", "\n    ") + "\n"));
        }
    }

    @Override
    public void reload() throws ConfigException {
        try {
            load();
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(new ConfigProblem(folder.directory().toString(), "", 0, 0, "cannot be read: " + e)));
        }
    }

    @Override
    public void stop(Duration deadline) {
        stopped = true;
    }
}
