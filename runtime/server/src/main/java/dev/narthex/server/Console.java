// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a person at the terminal reads; log lines go their own way. Safe for use by many threads. */
public final class Console {
    private final PrintStream out;
    private final PrintStream errors;

    public Console(PrintStream out, PrintStream errors) {
        this.out = out;
        this.errors = errors;
    }

    /** Standard output and standard error of the process, in UTF-8 whatever the locale: containers mostly have none. */
    public static Console system() {
        return new Console(
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, false, StandardCharsets.UTF_8));
    }

    /** Prints a text as it is. */
    public void print(String text) {
        out.print(text);
        out.flush();
    }

    public void printError(String text) {
        errors.print(text);
        errors.flush();
    }
}
