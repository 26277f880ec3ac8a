// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.LabelNames;
import dev.narthex.model.MatchOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Alertmanager's matchers: {@code severity="critical"}, {@code team=~"db|web"}, several of them with commas between,
 * with or without braces (Alertmanager documentation, "Matcher"). Names and values may be quoted, with escapes for a
 * quote, a backslash and a line feed; unquoted values may hold anything but white space and {@code {}!=~,\"'`}.
 */
public final class AlertMatchers {
    private static final String RESERVED = "{}!=~,\\\"'`";

    private final String text;
    private int at;

    private AlertMatchers(String text) {
        this.text = text;
    }

    /**
     * Reads one or more matchers.
     *
     * @throws IllegalArgumentException with what was found at which column and what is expected
     */
    public static List<LabelMatcher> parse(String text) {
        return new AlertMatchers(text).readAll();
    }

    /** Writes a matcher so that {@link #parse} and Alertmanager read it back as it was. */
    public static String format(LabelMatcher matcher) {
        String name = LabelNames.isClassic(matcher.name()) ? matcher.name() : quote(matcher.name());
        return name + matcher.op().symbol() + quote(matcher.value());
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private List<LabelMatcher> readAll() {
        List<LabelMatcher> matchers = new ArrayList<>();
        skipSpace();
        boolean braces = take('{');
        skipSpace();
        while (at < text.length() && text.charAt(at) != '}') {
            matchers.add(readOne());
            skipSpace();
            if (!take(',')) {
                break;
            }
            skipSpace();
        }
        if (braces && !take('}')) {
            throw bad("a closing brace or a comma");
        }
        skipSpace();
        if (at < text.length()) {
            throw bad("a comma or the end");
        }
        return matchers;
    }

    private LabelMatcher readOne() {
        String name = readWord("a label name");
        if (!LabelNames.isValidUtf8(name)) {
            throw bad("a label name");
        }
        skipSpace();
        MatchOp op = readOp();
        skipSpace();
        String value = at == text.length() || text.charAt(at) == ',' || text.charAt(at) == '}'
                ? emptyValue()
                : readWord("a value");
        return LabelMatcher.of(op, name, value);
    }

    private String emptyValue() {
        throw bad("a value; write \"\" for the empty one");
    }

    private MatchOp readOp() {
        for (MatchOp op : new MatchOp[] {MatchOp.REGEX, MatchOp.NOT_REGEX, MatchOp.NOT_EQUAL, MatchOp.EQUAL}) {
            if (text.startsWith(op.symbol(), at)) {
                at += op.symbol().length();
                return op;
            }
        }
        throw bad("=, !=, =~ or !~");
    }

    private String readWord(String what) {
        if (at < text.length() && text.charAt(at) == '"') {
            return readQuoted();
        }
        int start = at;
        while (at < text.length() && RESERVED.indexOf(text.charAt(at)) < 0 && !isSpace(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw bad(what);
        }
        return text.substring(start, at);
    }

    private String readQuoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (at == text.length()) {
                break;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case 'n' -> out.append('\n');
                case '"', '\\' -> out.append(escaped);
                // An unknown escape keeps its backslash, which regular expressions such as \d live on.
                default -> out.append('\\').append(escaped);
            }
        }
        throw bad("a closing quote");
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c);
    }

    private IllegalArgumentException bad(String expected) {
        String found = at < text.length() ? "\"" + text.charAt(at) + "\"" : "the end";
        return new IllegalArgumentException("bad matcher `" + text + "`, column " + (at + 1) + ": found " + found + "; "
                + expected + " is expected");
    }
}
