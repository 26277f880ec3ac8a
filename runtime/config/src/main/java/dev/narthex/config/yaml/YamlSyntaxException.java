// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

/** A text that is no YAML, with its place; lines and columns are counted from 1. */
final class YamlSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    YamlSyntaxException(YamlMark at, String message) {
        super(message, null, false, false);
        this.line = at.line() + 1;
        this.column = at.column() + 1;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
