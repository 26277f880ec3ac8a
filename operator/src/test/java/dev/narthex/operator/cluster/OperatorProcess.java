// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of the build that runs beside the test: the operator, or a runtime. The system properties {@code
 * narthex.operator.executable} and {@code narthex.runtime.executable} name native executables to be used instead.
 */
final class OperatorProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final Path log;

    private OperatorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static OperatorProcess operator(Path directory, Map<String, String> environment) throws IOException {
        return start("operator", Path.of("target"), directory, environment);
    }

    static OperatorProcess runtime(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return start("runtime", Path.of("..", "runtime", "server", "target"), directory, environment, arguments);
    }

    private static OperatorProcess start(
            String name, Path target, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        String executable = System.getProperty("narthex." + name + ".executable", "");
        if (executable.isEmpty()) {
            Path application = target.resolve("quarkus-app").resolve("quarkus-run.jar");
            Assumptions.assumeTrue(
                    Files.exists(application),
                    () -> application + ": not built; the package phase of its module makes it");
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar"));
            command.add(application.toAbsolutePath().toString());
        } else {
            command.add(executable);
        }
        command.addAll(List.of(arguments));
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new OperatorProcess(builder.start(), log);
    }

    /** All that it has logged so far. */
    String log() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Stops it and waits for its end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
