// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.io.IOException;

/** A pattern of {@code *}, {@code ?} and {@code [a-z]} for the name of a file, and what is wrong in it. */
final class GlobPattern {
    private static final int NO_MATCH = -1;

    private final String pattern;

    GlobPattern(String pattern) {
        this.pattern = pattern;
    }

    /**
     * Whether all of a name matches.
     *
     * @throws IOException where the pattern is none, as far as it is looked at: up to the first piece between asterisks that
     *     does not match
     */
    boolean matches(String name) throws IOException {
        int at = 0;
        int from = 0;
        while (from < pattern.length()) {
            int piece = from;
            while (piece < pattern.length() && pattern.charAt(piece) == '*') {
                piece++;
            }
            boolean star = piece > from;
            int end = endOfPiece(piece);
            if (star && piece == end) {
                return name.indexOf('/', at) < 0;
            }
            boolean last = end == pattern.length();
            int next = NO_MATCH;
            int tries = star ? name.length() : at;
            for (int start = at; start <= tries && next == NO_MATCH; start++) {
                next = matched(piece, end, name, start);
                if (last && next != NO_MATCH && next < name.length()) {
                    next = NO_MATCH;
                }
                if (start < name.length() && name.charAt(start) == '/') {
                    break;
                }
            }
            if (next == NO_MATCH) {
                return false;
            }
            at = next;
            from = end;
        }
        return at == name.length();
    }

    /** Where the next asterisk is that stands for itself neither by a backslash nor in brackets. */
    private int endOfPiece(int from) {
        boolean inBrackets = false;
        for (int i = from; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '[' -> inBrackets = true;
                case ']' -> inBrackets = false;
                case '*' -> {
                    if (!inBrackets) {
                        return i;
                    }
                }
                default -> {
                    // Belongs to the piece.
                }
            }
        }
        return pattern.length();
    }

    /** Where a name goes on behind what a piece without asterisks matches; the piece is read to its end in any case. */
    private int matched(int from, int end, String name, int start) throws IOException {
        int at = start;
        boolean failed = false;
        for (int i = from; i < end; ) {
            failed |= at >= name.length();
            int c = failed ? 0 : name.codePointAt(at);
            int width = Character.charCount(c);
            switch (pattern.charAt(i)) {
                case '[' -> {
                    boolean negated = i + 1 < end && pattern.charAt(i + 1) == '^';
                    i += negated ? 2 : 1;
                    boolean found = false;
                    boolean any = false;
                    while (!(any && i < end && pattern.charAt(i) == ']')) {
                        int low = member(i, end);
                        int high = low;
                        i = behindMember(i, low);
                        if (pattern.charAt(i) == '-') {
                            high = member(i + 1, end);
                            i = behindMember(i + 1, high);
                        }
                        found |= low <= c && c <= high;
                        any = true;
                    }
                    i++;
                    failed |= found == negated;
                }
                case '?' -> {
                    failed |= c == '/';
                    i++;
                }
                default -> {
                    int literal = i;
                    if (pattern.charAt(i) == '\\') {
                        literal = i + 1;
                        if (literal >= end) {
                            throw refusal("ends with a backslash");
                        }
                    }
                    int wanted = pattern.codePointAt(literal);
                    failed |= wanted != c;
                    i = literal + Character.charCount(wanted);
                }
            }
            at += failed ? 0 : width;
        }
        return failed ? NO_MATCH : at;
    }

    /** The character of a set that stands at a place. */
    private int member(int at, int end) throws IOException {
        if (at >= end || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
            throw refusal("has brackets that are not closed, are empty or hold a bare hyphen");
        }
        int from = pattern.charAt(at) == '\\' ? at + 1 : at;
        if (from >= end || from + Character.charCount(pattern.codePointAt(from)) >= end) {
            throw refusal("has brackets that are not closed");
        }
        return pattern.codePointAt(from);
    }

    private int behindMember(int at, int member) {
        return at + (pattern.charAt(at) == '\\' ? 1 : 0) + Character.charCount(member);
    }

    private IOException refusal(String what) {
        return new IOException("the pattern \"" + pattern + "\" " + what + "; * ? and [a-z] are accepted");
    }
}
