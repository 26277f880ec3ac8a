// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.QuotedString;
import java.nio.charset.StandardCharsets;

/** An exposition that cannot be read, with the line and the offending text in its message. Has no stack trace. */
public final class ExpositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_QUOTED_BYTES = 200;

    private final int line;

    ExpositionException(int line, String message) {
        super("line " + line + ": " + message, null, false, false);
        this.line = line;
    }

    private ExpositionException(String message) {
        super(message, null, false, false);
        line = 0;
    }

    /** Something wrong in a binary format, where there are no lines. */
    static ExpositionException at(int offset, String message) {
        return new ExpositionException("byte " + offset + ": " + message);
    }

    /** Text of an exposition for a message. */
    static String quoted(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + MAX_QUOTED_BYTES);
        String text = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        return QuotedString.of(end < to ? text + "..." : text);
    }

    /** The line of the exposition, counted from 1; 0 in a binary format. */
    public int line() {
        return line;
    }
}
