// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;
import dev.narthex.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Splits a template into tokens (Go documentation, text/template, "Text and spaces" and "Actions"). */
final class Lexer {
    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final String COMMENT_START = "/*";
    private static final String COMMENT_END = "*/";
    private static final Map<String, Kind> WORDS = Map.ofEntries(
            Map.entry("block", Kind.BLOCK),
            Map.entry("break", Kind.BREAK),
            Map.entry("continue", Kind.CONTINUE),
            Map.entry("define", Kind.DEFINE),
            Map.entry("else", Kind.ELSE),
            Map.entry("end", Kind.END),
            Map.entry("if", Kind.IF),
            Map.entry("range", Kind.RANGE),
            Map.entry("template", Kind.TEMPLATE),
            Map.entry("with", Kind.WITH),
            Map.entry("nil", Kind.NIL),
            Map.entry("true", Kind.BOOLEAN),
            Map.entry("false", Kind.BOOLEAN));

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int parens;

    private Lexer(String text) {
        this.text = text;
    }

    /** All tokens; the last one is an end or an error. */
    static List<Token> tokens(Source source) {
        Lexer lexer = new Lexer(source.text());
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        boolean going = true;
        while (going) {
            going = text();
        }
    }

    /** Text up to the next action, then the action; false at the end. */
    private boolean text() {
        int left = text.indexOf(LEFT, at);
        int start = at;
        if (left < 0) {
            at = text.length();
            addText(start, at);
            add(Kind.EOF, at, at);
            return false;
        }
        at = left + LEFT.length();
        boolean trimLeft = at + 1 < text.length() && text.charAt(at) == '-' && isSpace(text.charAt(at + 1));
        int end = left;
        while (trimLeft && end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        addText(start, end);
        int afterTrim = trimLeft ? at + 2 : at;
        if (text.startsWith(COMMENT_START, afterTrim)) {
            return comment(afterTrim);
        }
        add(Kind.LEFT_DELIMITER, left, at);
        at = afterTrim;
        parens = 0;
        return action();
    }

    private boolean comment(int start) {
        int end = text.indexOf(COMMENT_END, start);
        at = start;
        if (end < 0) {
            return error("unclosed comment");
        }
        at = end + COMMENT_END.length();
        if (!atRightDelimiter()) {
            return error("comment ends before closing delimiter");
        }
        passRightDelimiter();
        return true;
    }

    private boolean action() {
        while (true) {
            if (atRightDelimiter()) {
                if (parens > 0) {
                    return error("unclosed left paren");
                }
                int start = at + (hasTrimAt(at) ? 2 : 0);
                add(Kind.RIGHT_DELIMITER, start, start + RIGHT.length());
                passRightDelimiter();
                return true;
            }
            if (at >= text.length()) {
                return error("unclosed action");
            }
            if (!element()) {
                return false;
            }
        }
    }

    private boolean element() {
        char c = text.charAt(at);
        int start = at;
        if (isSpace(c)) {
            while (at < text.length() && isSpace(text.charAt(at)) && !hasTrimAt(at)) {
                at++;
            }
            return add(Kind.SPACE, start, at);
        }
        char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        return switch (c) {
            case '=' -> single(Kind.ASSIGN);
            case '|' -> single(Kind.PIPE);
            case ',' -> single(Kind.COMMA);
            case '"' -> quoted('"', Kind.STRING, "unterminated quoted string");
            case '\'' -> quoted('\'', Kind.CHARACTER, "unterminated character constant");
            case '`' -> rawString();
            case '$' -> {
                at++;
                yield word(start, Kind.VARIABLE);
            }
            case '(' -> {
                parens++;
                yield single(Kind.LEFT_PAREN);
            }
            case ')' -> {
                parens--;
                yield parens < 0 ? error("unexpected right paren") : single(Kind.RIGHT_PAREN);
            }
            case ':' -> {
                at += next == '=' ? 2 : 1;
                yield next == '=' ? add(Kind.DECLARE, start, at) : error("expected :=");
            }
            case '.' -> {
                if (isDigit(next)) {
                    yield number();
                }
                at++;
                yield word(start, Kind.FIELD);
            }
            default -> other(c, start);
        };
    }

    private boolean other(char c, int start) {
        if (c == '+' || c == '-' || isDigit(c)) {
            return number();
        }
        if (isAlphanumeric(text.codePointAt(at))) {
            return word(start, Kind.IDENTIFIER);
        }
        if (c > 0x20 && c < 0x7f) {
            return single(Kind.OTHER_CHARACTER);
        }
        return error("unrecognized character in action: " + unicode(text.codePointAt(at)));
    }

    /** A name, what stands before it decided by the caller: identifier or keyword, field, variable. */
    private boolean word(int start, Kind kind) {
        int nameStart = at;
        while (at < text.length() && isAlphanumeric(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (kind == Kind.FIELD && at == nameStart) {
            return add(Kind.DOT, start, at);
        }
        if (at == nameStart && kind == Kind.VARIABLE) {
            return add(Kind.VARIABLE, start, at);
        }
        if (!atTerminator()) {
            return error("bad character " + unicode(text.codePointAt(at)));
        }
        Kind wordKind = kind == Kind.IDENTIFIER ? WORDS.getOrDefault(text.substring(start, at), kind) : kind;
        return add(wordKind, start, at);
    }

    private boolean atTerminator() {
        if (at >= text.length()) {
            return true;
        }
        char c = text.charAt(at);
        return isSpace(c) || ".,|:)(".indexOf(c) >= 0 || text.startsWith(RIGHT, at);
    }

    private boolean quoted(char quote, Kind kind, String unterminated) {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '\n') {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length() && text.charAt(at) != '\n') {
                at++;
            } else if (c == quote) {
                return add(kind, start, at);
            }
        }
        return error(unterminated);
    }

    private boolean rawString() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            return error("unterminated raw quoted string");
        }
        int start = at;
        at = end + 1;
        return add(Kind.RAW_STRING, start, at);
    }

    /** Takes what looks like a number; the parser decides whether it is one. */
    private boolean number() {
        int start = at;
        boolean good = part();
        if (good && at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
            // Two of them are a complex one.
            good = part() && text.charAt(at - 1) == 'i';
        }
        return good
                ? add(Kind.NUMBER, start, at)
                : error("bad number syntax: " + QuotedString.of(text.substring(start, at)));
    }

    /** Takes a number without looking at it, with an {@code i} behind it where there is one; false where more touches it. */
    private boolean part() {
        pass("+-", 1);
        String digits = "0123456789_";
        boolean hexadecimal = false;
        if (at + 1 < text.length() && text.charAt(at) == '0') {
            int base = "xXoObB".indexOf(text.charAt(at + 1));
            hexadecimal = base == 0 || base == 1;
            digits = base < 0 ? digits : hexadecimal ? "0123456789abcdefABCDEF_" : base < 4 ? "01234567_" : "01_";
            at += base < 0 ? 0 : 2;
        }
        pass(digits, Integer.MAX_VALUE);
        if (pass(".", 1)) {
            pass(digits, Integer.MAX_VALUE);
        }
        if (pass(hexadecimal ? "pP" : "eE", 1)) {
            pass("+-", 1);
            pass("0123456789_", Integer.MAX_VALUE);
        }
        pass("i", 1);
        if (at < text.length() && isAlphanumeric(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
            return false;
        }
        return true;
    }

    /** Passes characters of a set; true when there was one. */
    private boolean pass(String anyOf, int most) {
        int start = at;
        while (at < text.length() && at - start < most && anyOf.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at > start;
    }

    private boolean atRightDelimiter() {
        return text.startsWith(RIGHT, at) || (hasTrimAt(at) && text.startsWith(RIGHT, at + 2));
    }

    private boolean hasTrimAt(int position) {
        return position + 1 < text.length()
                && isSpace(text.charAt(position))
                && text.charAt(position + 1) == '-'
                && text.startsWith(RIGHT, position + 2);
    }

    private void passRightDelimiter() {
        if (hasTrimAt(at)) {
            at += 2 + RIGHT.length();
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
        } else {
            at += RIGHT.length();
        }
    }

    private boolean single(Kind kind) {
        at++;
        return add(kind, at - 1, at);
    }

    private void addText(int start, int end) {
        if (end > start) {
            add(Kind.TEXT, start, end);
        }
    }

    private boolean add(Kind kind, int start, int end) {
        tokens.add(new Token(kind, text.substring(start, end), start, line(start)));
        return true;
    }

    private boolean error(String message) {
        tokens.add(new Token(Kind.ERROR, message, at, line(Math.min(at, text.length()))));
        return false;
    }

    private int line(int position) {
        int line = 1;
        int from = 0;
        if (!tokens.isEmpty() && tokens.getLast().position() <= position) {
            line = tokens.getLast().line();
            from = tokens.getLast().position();
        }
        for (int i = from; i < position; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    private static String unicode(int codePoint) {
        String hex = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
        String quoted = QuotedString.of(Character.toString(codePoint));
        return "U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex + " '" + quoted.substring(1, quoted.length() - 1)
                + "'";
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(int codePoint) {
        return codePoint == '_' || Character.isLetter(codePoint) || Character.isDigit(codePoint);
    }
}
