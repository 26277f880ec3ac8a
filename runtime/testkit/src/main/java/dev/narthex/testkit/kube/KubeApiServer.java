// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real API server with its controllers and no node, as {@code e2e/kube} starts it, until it is closed. Starting takes
 * some 15 seconds; it goes down by itself when this process ends.
 */
public final class KubeApiServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path program;
    private final Path directory;

    private KubeApiServer(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /**
     * Starts one on ports that are free; skips the calling test where none has been built on this machine.
     *
     * @param directory an existing, empty directory for its state and logs
     */
    public static KubeApiServer start(Path directory) throws IOException {
        Path program = find(Path.of("").toAbsolutePath());
        Assumptions.assumeTrue(program != null, "no e2e/kube above the working directory");
        Assumptions.assumeTrue(
                Files.isExecutable(cache().resolve("narthex-kube/bin/kube-apiserver")),
                "no Kubernetes API server here; e2e/kube build --apiserver-only makes one");
        KubeApiServer server = new KubeApiServer(program, directory);
        server.up("--offset", "auto");
        return server;
    }

    private void up(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--state", directory.toString(), "up", "--apiserver-only", "--owner"));
        arguments.add(Long.toString(ProcessHandle.current().pid()));
        run(arguments.toArray(new String[0]));
    }

    /** Stops it and starts it again, on the same port and with all that it has stored. */
    public void restart() throws IOException {
        run("--state", directory.toString(), "down", "--keep");
        up();
    }

    private static @Nullable Path find(Path from) {
        for (Path above = from; above != null; above = above.getParent()) {
            Path candidate = above.resolve("e2e/kube");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        return home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
    }

    /** The file that tells clients where it is, with the credentials of an administrator. */
    public Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** Runs kubectl as an administrator and returns what it prints. */
    public String kubectl(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--state", directory.toString(), "kubectl"));
        all.addAll(List.of(arguments));
        return run(all.toArray(new String[0]));
    }

    private String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("narthex-kube", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + ": still runs after " + LIMIT + "\n" + Files.readString(output));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        command + ": exit code " + process.exitValue() + "\n" + Files.readString(output));
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command, e);
        } finally {
            Files.delete(output);
        }
    }

    /** Stops it. */
    @Override
    public void close() throws IOException {
        run("--state", directory.toString(), "down");
    }
}
