// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/** A template cannot be parsed, or failed while it was executed. The message has Go's words and the position. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    TemplateException(String message, int line) {
        super(message);
        this.line = line;
    }

    /** The line of the template's text, from 1. */
    public int line() {
        return line;
    }
}
