// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

/** A command line that cannot be run, with the exit code that Prometheus would give. */
public final class CommandLineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** For a command line that cannot be read: an unknown flag, a missing value. */
    public static final int UNREADABLE = 1;

    /** For a value that cannot be used, and for a configuration that cannot be loaded. */
    public static final int UNUSABLE = 2;

    /** For flags of a mode that is not asked for. */
    static final int OTHER_MODE = 3;

    private final int exitCode;

    public CommandLineException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static CommandLineException unreadable(String message) {
        return new CommandLineException(UNREADABLE, message);
    }

    static CommandLineException unusable(String message) {
        return new CommandLineException(UNUSABLE, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
