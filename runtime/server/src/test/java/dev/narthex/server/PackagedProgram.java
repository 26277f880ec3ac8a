// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.testkit.peers.CommandResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program as it is given away: the jar that the build made ({@code narthex.jar}), or the native executable that the
 * system property {@code narthex.binary} names.
 */
public final class PackagedProgram {
    private static final Path HERE = Path.of("").toAbsolutePath();

    private PackagedProgram() {}

    /**
     * Whether a native executable is to be tested. Commands that end by themselves then go through it in tests that call
     * their classes otherwise, as a JVM takes a second to start.
     */
    public static boolean isExecutable() {
        return System.getProperty("narthex.binary") != null;
    }

    /** The program with arguments, as {@link ProcessBuilder} takes it. */
    public static List<String> commandLine(String... arguments) {
        List<String> command = new ArrayList<>();
        String binary = System.getProperty("narthex.binary");
        if (binary != null) {
            command.add(binary);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"));
            command.add(String.valueOf(System.getProperty("narthex.jar")));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command to its end without input. */
    public static CommandResult run(String... arguments) throws IOException, InterruptedException {
        return CommandResult.of(commandLine(arguments), HERE, new byte[0]);
    }

    /** Runs a command to its end. Input is one byte a character. */
    static CommandResult runIn(Path directory, String input, List<String> arguments)
            throws IOException, InterruptedException {
        return CommandResult.of(
                commandLine(arguments.toArray(String[]::new)), directory, input.getBytes(StandardCharsets.ISO_8859_1));
    }
}
