// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.yaml.YamlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into the tokens of YAML 1.1 (yaml.org, "YAML 1.1", chapter 4 on), and decides what that leaves open as the
 * reader of Prometheus was seen to decide it: where tabs may stand, how far a key reaches, what may touch what.
 */
final class YamlScanner {
    /** A key without a question mark is not longer than this, and ends in the line where it began. */
    private static final int MAX_KEY_LENGTH = 1024;

    private static final int MAX_DEPTH = 10_000;
    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

    /**
     * A token that turns out to begin a key where a colon follows.
     *
     * @param needed whether it can be nothing else
     */
    private record PossibleKey(YamlMark mark, int token, boolean needed) {}

    private final YamlCharacters in;
    private final YamlScalarScanner scalars;
    private final YamlNameScanner names;

    private final List<YamlToken> tokens = new ArrayList<>();
    private int taken;
    private int head;
    /** One for each level of brackets, the innermost last. */
    private final List<@Nullable PossibleKey> keys = new ArrayList<>();

    private final Deque<Integer> indents = new ArrayDeque<>();
    private int indent = -1;
    private int flowLevel;
    private boolean keyAllowed = true;
    private boolean ended;
    private final int ahead;

    /**
     * Begins at the beginning.
     *
     * @param ahead how many tokens behind the next one are read, too; what is wrong there is found even where a document
     *     ends before
     */
    YamlScanner(String text, int ahead) {
        this.ahead = ahead;
        in = new YamlCharacters(text);
        scalars = new YamlScalarScanner(in);
        names = new YamlNameScanner(in);
        keys.add(null);
    }

    /** The next token, which stays. */
    YamlToken peek() {
        while (!ended && (tokens.size() - head <= ahead || headMayBeKey())) {
            fetch();
        }
        return tokens.get(head);
    }

    /** The next token. */
    YamlToken next() {
        YamlToken token = peek();
        head++;
        taken++;
        if (head == tokens.size()) {
            tokens.clear();
            head = 0;
        }
        return token;
    }

    private boolean headMayBeKey() {
        dropOldKeys();
        for (PossibleKey key : keys) {
            if (key != null && key.token() == taken) {
                return true;
            }
        }
        return false;
    }

    private void fetch() {
        passOver();
        dropOldKeys();
        unroll(in.column());
        int c = in.peek();
        in.peek(3);
        if (c == YamlCharacters.END) {
            fetchEnd();
        } else if (in.column() == 0 && c == '%') {
            unroll(-1);
            forgetKey();
            keyAllowed = false;
            tokens.add(names.directive());
        } else if (in.isDocumentIndicator()) {
            unroll(-1);
            forgetKey();
            keyAllowed = false;
            add(c == '-' ? Kind.DOCUMENT_START : Kind.DOCUMENT_END, 3);
        } else if (!fetchIndicator(c)) {
            fetchContent(c);
        }
    }

    private void fetchEnd() {
        in.endLine();
        unroll(-1);
        forgetKey();
        keyAllowed = false;
        tokens.add(new YamlToken(Kind.STREAM_END, in.mark()));
        ended = true;
    }

    private boolean fetchIndicator(int c) {
        switch (c) {
            case '[' -> open(Kind.FLOW_SEQUENCE_START);
            case '{' -> open(Kind.FLOW_MAPPING_START);
            case ']' -> close(Kind.FLOW_SEQUENCE_END);
            case '}' -> close(Kind.FLOW_MAPPING_END);
            case ',' -> {
                forgetKey();
                keyAllowed = true;
                add(Kind.FLOW_ENTRY, 1);
            }
            case '-', '?', ':' -> {
                if (!in.isGapAt(1) && (c == '-' || flowLevel == 0)) {
                    return false;
                }
                if (c == '-') {
                    fetchEntry();
                } else if (c == '?') {
                    fetchKey();
                } else {
                    fetchValue();
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void fetchContent(int c) {
        switch (c) {
            case '*', '&' -> {
                noteKey();
                keyAllowed = false;
                tokens.add(names.anchor(c == '*'));
            }
            case '!' -> {
                noteKey();
                keyAllowed = false;
                tokens.add(names.tag());
            }
            case '\'', '"' -> {
                noteKey();
                keyAllowed = false;
                tokens.add(scalars.quoted(c));
            }
            case '|', '>' -> {
                if (flowLevel > 0) {
                    throw startsNothing(c);
                }
                forgetKey();
                keyAllowed = true;
                tokens.add(scalars.block(c == '|', indent));
            }
            default -> fetchPlain(c);
        }
    }

    private void fetchPlain(int c) {
        boolean begins = (INDICATORS.indexOf(c) < 0 && !in.isGapAt(0))
                || (c == '-' && !in.isBlankAt(1))
                || (flowLevel == 0 && (c == '?' || c == ':') && !in.isGapAt(1));
        if (!begins) {
            throw startsNothing(c);
        }
        noteKey();
        keyAllowed = false;
        tokens.add(scalars.plain(flowLevel > 0, indent));
        if (scalars.endedBehindBreak()) {
            keyAllowed = true;
        }
    }

    private YamlSyntaxException startsNothing(int c) {
        String found = c == '\t' ? "a tab" : Character.toString(c);
        String advice = c == '\t' ? "; move lines in by spaces" : "; put the text in quotes";
        return new YamlSyntaxException(in.mark(), "found " + found + " where it may not stand" + advice);
    }

    /** Passes over blanks, comments and line breaks. */
    private void passOver() {
        while (true) {
            while (in.peek() == ' ' || (in.peek() == '\t' && (flowLevel > 0 || !keyAllowed))) {
                in.skip();
            }
            in.skipComment();
            if (!YamlCharacters.isBreak(in.peek())) {
                return;
            }
            in.skipBreak();
            if (flowLevel == 0) {
                keyAllowed = true;
            }
        }
    }

    private void add(Kind kind, int length) {
        tokens.add(new YamlToken(kind, in.mark()));
        in.skip(length);
    }

    private void open(Kind kind) {
        noteKey();
        if (++flowLevel > MAX_DEPTH) {
            throw tooDeep();
        }
        keys.add(null);
        keyAllowed = true;
        add(kind, 1);
    }

    private void close(Kind kind) {
        forgetKey();
        if (flowLevel > 0) {
            flowLevel--;
            keys.removeLast();
        }
        keyAllowed = false;
        add(kind, 1);
    }

    private void fetchEntry() {
        if (flowLevel == 0) {
            if (!keyAllowed) {
                throw new YamlSyntaxException(in.mark(), "found a list where none may begin; begin it in a new line");
            }
            roll(in.column(), -1, Kind.BLOCK_SEQUENCE_START, in.mark());
        }
        forgetKey();
        keyAllowed = true;
        add(Kind.BLOCK_ENTRY, 1);
    }

    private void fetchKey() {
        if (flowLevel == 0) {
            if (!keyAllowed) {
                throw new YamlSyntaxException(in.mark(), "found a key where none may stand; begin it in a new line");
            }
            roll(in.column(), -1, Kind.BLOCK_MAPPING_START, in.mark());
        }
        forgetKey();
        keyAllowed = flowLevel == 0;
        add(Kind.KEY, 1);
    }

    private void fetchValue() {
        dropOldKeys();
        PossibleKey key = keys.getLast();
        if (key != null) {
            tokens.add(key.token() - taken + head, new YamlToken(Kind.KEY, key.mark()));
            roll(key.mark().column(), key.token(), Kind.BLOCK_MAPPING_START, key.mark());
            keys.set(keys.size() - 1, null);
            keyAllowed = false;
        } else {
            if (flowLevel == 0) {
                if (!keyAllowed) {
                    throw new YamlSyntaxException(
                            in.mark(),
                            "found a colon that belongs to no key; begin the key in a new line, or put the text in"
                                    + " quotes");
                }
                roll(in.column(), -1, Kind.BLOCK_MAPPING_START, in.mark());
            }
            keyAllowed = flowLevel == 0;
        }
        add(Kind.VALUE, 1);
    }

    /** Notes that a token which comes now may begin a key. */
    private void noteKey() {
        if (keyAllowed) {
            boolean needed = flowLevel == 0 && indent == in.column();
            int token = taken + tokens.size() - head;
            forgetKey();
            keys.set(keys.size() - 1, new PossibleKey(in.mark(), token, needed));
        }
    }

    private void forgetKey() {
        PossibleKey key = keys.getLast();
        if (key != null) {
            demand(key);
            keys.set(keys.size() - 1, null);
        }
    }

    private void dropOldKeys() {
        for (int i = 0; i < keys.size(); i++) {
            PossibleKey key = keys.get(i);
            if (key != null && (key.mark().line() < in.line() || key.mark().index() + MAX_KEY_LENGTH < in.index())) {
                demand(key);
                keys.set(i, null);
            }
        }
    }

    private static void demand(PossibleKey key) {
        if (key.needed()) {
            throw new YamlSyntaxException(
                    key.mark(), "found a text where a key is expected; put a colon and a space behind a key");
        }
    }

    /**
     * Begins a collection where a line is moved in further than the one around it.
     *
     * @param token before which it begins; behind all of them where it is negative
     */
    private void roll(int column, int token, Kind kind, YamlMark mark) {
        if (flowLevel > 0 || indent >= column) {
            return;
        }
        indents.push(indent);
        indent = column;
        if (indents.size() > MAX_DEPTH) {
            throw tooDeep();
        }
        YamlToken begin = new YamlToken(kind, mark);
        if (token < 0) {
            tokens.add(begin);
        } else {
            tokens.add(token - taken + head, begin);
        }
    }

    private void unroll(int column) {
        if (flowLevel > 0) {
            return;
        }
        while (indent > column) {
            tokens.add(new YamlToken(Kind.BLOCK_END, in.mark()));
            indent = indents.pop();
        }
    }

    private YamlSyntaxException tooDeep() {
        return new YamlSyntaxException(in.mark(), "nested too deeply; at most " + MAX_DEPTH + " levels are read");
    }
}
