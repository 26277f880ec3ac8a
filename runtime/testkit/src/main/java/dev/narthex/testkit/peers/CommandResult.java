// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a program ended that was run to its end.
 *
 * @param exitCode 0 where it was content
 * @param output standard output
 * @param errors standard error
 */
public record CommandResult(int exitCode, String output, String errors) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Runs a program to its end without input; fails where that takes more than a minute. */
    public static CommandResult of(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return of(command, Path.of("").toAbsolutePath(), new byte[0]);
    }

    /**
     * The same in a directory and with input.
     *
     * @param command the program and its arguments
     */
    public static CommandResult of(List<String> command, Path directory, byte[] input)
            throws IOException, InterruptedException {
        Path given = Files.write(Files.createTempFile("narthex-peer", ".in"), input);
        Path output = Files.createTempFile("narthex-peer", ".out");
        Path errors = Files.createTempFile("narthex-peer", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(given.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + ": still runs after " + LIMIT);
            }
            return new CommandResult(process.exitValue(), text(output), text(errors));
        } finally {
            Files.delete(given);
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Fails with all that the program said where it was not content; otherwise itself. */
    public CommandResult assertSuccess() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + "\n" + output + errors);
        }
        return this;
    }
}
