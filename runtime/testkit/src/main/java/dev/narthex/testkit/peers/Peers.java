// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the real programs that tests compare Narthex with: in the directories of the environment variable
 * {@code NARTHEX_PEERS} (separated as in PATH), then where {@code e2e/peers} installs them
 * ({@code ${XDG_CACHE_HOME:-~/.cache}/narthex-peers}), then on the PATH. Where there is none, the calling test is skipped
 * with the reason.
 */
public final class Peers {
    private static final int DEPTH = 6;

    private final @Nullable String peers;
    private final @Nullable String cacheHome;
    private final String home;
    private final @Nullable String path;

    private Peers(@Nullable String peers, @Nullable String cacheHome, String home, @Nullable String path) {
        this.peers = peers;
        this.cacheHome = cacheHome;
        this.home = home;
        this.path = path;
    }

    /** The peers of this machine. */
    public static Peers ofThisMachine() {
        return new Peers(
                System.getenv("NARTHEX_PEERS"),
                System.getenv("XDG_CACHE_HOME"),
                System.getProperty("user.home"),
                System.getenv("PATH"));
    }

    /** The peers of a machine with this environment; null stands for an unset variable. */
    static Peers of(@Nullable String peers, @Nullable String cacheHome, String home, @Nullable String path) {
        return new Peers(peers, cacheHome, home, path);
    }

    /** The real Prometheus; without one, skips the calling test. */
    public static Path prometheus() {
        return ofThisMachine().orSkip(PeerProgram.PROMETHEUS);
    }

    /** The newest Prometheus that {@code e2e/peers --newest} has built; empty where it was not run. */
    public static Optional<Path> newestPrometheus() {
        Path built = ofThisMachine().cacheDirectory().resolve("go").resolve("prometheus");
        return Optional.of(built).filter(Peers::isProgram);
    }

    /** The real promtool; without one, skips the calling test. */
    public static Path promtool() {
        return ofThisMachine().orSkip(PeerProgram.PROMTOOL);
    }

    /** The real Alertmanager; without one, skips the calling test. */
    public static Path alertmanager() {
        return ofThisMachine().orSkip(PeerProgram.ALERTMANAGER);
    }

    /** The real amtool; without one, skips the calling test. */
    public static Path amtool() {
        return ofThisMachine().orSkip(PeerProgram.AMTOOL);
    }

    /** The program, or the end of the calling test with the reason. */
    public Path orSkip(PeerProgram program) {
        Optional<Path> found = find(program);
        Assumptions.assumeTrue(
                found.isPresent(),
                () -> "no real " + program.fileNames().getFirst()
                        + " here (searched NARTHEX_PEERS, " + cacheDirectory()
                        + " and PATH); e2e/peers installs one");
        return found.orElseThrow();
    }

    /** The program, searched in order. */
    public Optional<Path> find(PeerProgram program) {
        for (Path directory : split(peers)) {
            Optional<Path> found = below(directory, program);
            if (found.isPresent()) {
                return found;
            }
        }
        return below(cacheDirectory(), program)
                .or(() -> split(path).stream()
                        .flatMap(directory -> program.fileNames().stream().map(directory::resolve))
                        .filter(Peers::isProgram)
                        .findFirst());
    }

    private Path cacheDirectory() {
        Path cache = cacheHome == null || cacheHome.isEmpty() ? Path.of(home, ".cache") : Path.of(cacheHome);
        return cache.resolve("narthex-peers");
    }

    private static List<Path> split(@Nullable String directories) {
        List<Path> paths = new ArrayList<>();
        if (directories != null) {
            for (String directory : directories.split(File.pathSeparator, -1)) {
                if (!directory.isEmpty()) {
                    paths.add(Path.of(directory));
                }
            }
        }
        return paths;
    }

    /** The program in a directory or below it; the packaged one (below {@code root}) before one that was built. */
    private static Optional<Path> below(Path directory, PeerProgram program) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(
                directory, DEPTH, (file, attributes) -> attributes.isRegularFile() && program.isNamed(file))) {
            // A package unpacked also has start scripts of the same names, in etc.
            return files.filter(Peers::isProgram)
                    .filter(file -> !directory.relativize(file).toString().contains("etc" + File.separator))
                    .min(Comparator.comparing((Path file) -> !file.startsWith(directory.resolve("root")))
                            .thenComparing(Comparator.naturalOrder()));
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot search it for " + program, e);
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
