// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

/** An exposition that cannot be read, with the line and the offending text in its message. Has no stack trace. */
public final class ExpositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    ExpositionException(int line, String message) {
        super("line " + line + ": " + message, null, false, false);
        this.line = line;
    }

    /** The line of the exposition, counted from 1. */
    public int line() {
        return line;
    }
}
