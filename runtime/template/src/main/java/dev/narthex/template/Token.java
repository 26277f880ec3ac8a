// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;

/**
 * A lexical element of a template.
 *
 * @param kind what it is
 * @param text as it was written
 * @param position where it starts in the source
 * @param line the line it starts in, from 1
 */
record Token(Kind kind, String text, int position, int line) {
    enum Kind {
        ERROR,
        EOF,
        TEXT,
        LEFT_DELIMITER,
        RIGHT_DELIMITER,
        LEFT_PAREN,
        RIGHT_PAREN,
        SPACE,
        PIPE,
        DECLARE,
        ASSIGN,
        COMMA,
        OTHER_CHARACTER,
        BOOLEAN,
        CHARACTER,
        NUMBER,
        STRING,
        RAW_STRING,
        DOT,
        FIELD,
        VARIABLE,
        IDENTIFIER,
        NIL,
        BLOCK,
        BREAK,
        CONTINUE,
        DEFINE,
        ELSE,
        END,
        IF,
        RANGE,
        TEMPLATE,
        WITH;

        boolean isKeyword() {
            return switch (this) {
                case BLOCK, BREAK, CONTINUE, DEFINE, ELSE, END, IF, RANGE, TEMPLATE, WITH -> true;
                default -> false;
            };
        }
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** How messages show the token. */
    String shown() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        if (kind == Kind.ERROR) {
            return text;
        }
        if (kind.isKeyword()) {
            return "<" + text + ">";
        }
        return text.length() > 10 ? QuotedString.of(text.substring(0, 10)) + "..." : QuotedString.of(text);
    }
}
