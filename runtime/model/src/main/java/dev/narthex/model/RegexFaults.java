// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What Go's regular expressions refuse and our engine takes (Go documentation, {@code regexp/syntax}): escaped letters
 * beyond ASCII, repeats within repeats, and trees that are too high. {@code (a{500}){3}} would be an automaton of 1,500
 * parts, and a few levels of it one of a thousand million; each repeat, times the greatest within it, is at most 1,000. So
 * is the height of the tree, over which our engine would run out of stack. Go has no limit to what {@link RegexForks} weighs,
 * since its engine needs no stack for it.
 */
final class RegexFaults {
    private static final int MAX = 1000;

    /**
     * What is shorter has no tree that is too high: a level takes one and a half letters at least, as in {@code (a(a(a)))};
     * and nothing that is too far between two letters: the heaviest is a group, of two letters.
     */
    private static final int SHORT = 660;

    private static final int SHOWN = 60;

    private final String regex;
    private final RegexHeight tree = new RegexHeight();
    private final RegexForks forks = new RegexForks();
    private final Deque<Integer> groups = new ArrayDeque<>();
    private int at;

    /** How many times the part before the repeat that was read last must be there. */
    private int least;

    private RegexFaults(String regex) {
        this.regex = regex;
    }

    /** The first fault in Go's words, such as {@code invalid repeat count: `{3}`}; null where there is none. */
    static @Nullable String find(String regex) {
        boolean plain = regex.indexOf('{') < 0 && regex.indexOf('\\') < 0 && regex.length() < SHORT;
        return plain ? null : new RegexFaults(regex).find();
    }

    private @Nullable String find() {
        int greatest = 1;
        int last = 1;
        int repeatEnd = -1;
        while (at < regex.length()) {
            switch (regex.charAt(at)) {
                case '\\' -> {
                    if (isWideEscape(at)) {
                        return badEscape(at);
                    }
                    if ("bBAz".indexOf(at + 1 < regex.length() ? regex.charAt(at + 1) : ' ') >= 0) {
                        forks.betweenLetters();
                    } else {
                        forks.letter();
                    }
                    escape();
                    tree.letter();
                    last = 1;
                }
                case '[' -> {
                    int wide = characterClass();
                    if (wide >= 0) {
                        return badEscape(wide);
                    }
                    letter();
                    last = 1;
                }
                case '(' -> {
                    groups.push(greatest);
                    greatest = 1;
                    last = 1;
                    at++;
                    boolean captures = groupHead();
                    tree.open(captures);
                    forks.open(captures);
                }
                case ')' -> {
                    tree.close();
                    forks.close();
                    last = greatest;
                    greatest = Math.max(last, groups.isEmpty() ? 1 : groups.pop());
                    at++;
                }
                case '{' -> {
                    int start = at;
                    int count = count();
                    if (at == start + 1) {
                        last = 1; // a brace that stands for itself
                        letter();
                        continue;
                    }
                    if (count > 0 && start == repeatEnd) {
                        return null; // A repeat of a repeat, which is no expression at all.
                    }
                    repeatEnd = count > 0 ? at : -1;
                    if (count > MAX / last) {
                        return "invalid repeat count: `" + regex.substring(start, at) + "`";
                    }
                    last *= Math.max(1, count);
                    greatest = Math.max(greatest, last);
                    repeat(Math.max(1, count), Math.max(0, count - least));
                }
                case '*', '+', '?' -> {
                    int optional = regex.charAt(at) == '+' ? 0 : 1;
                    at++;
                    repeat(1, optional);
                }
                case '|' -> {
                    tree.choice();
                    forks.choice();
                    last = 1;
                    at++;
                }
                case '^', '$' -> {
                    tree.letter();
                    forks.betweenLetters();
                    last = 1;
                    at++;
                }
                default -> {
                    letter();
                    last = 1;
                    at++;
                }
            }
        }
        if (tree.height() > MAX) {
            return "expression nests too deeply: `" + regex + "`";
        }
        return forks.weight() > RegexForks.MOST
                ? "expression has too many parts that are optional or alternatives: `" + beginning() + "`"
                : null;
    }

    /** The expression, which is a long one, as far as it helps to find it. */
    private String beginning() {
        return regex.length() <= SHOWN ? regex : regex.substring(0, SHOWN) + "...";
    }

    private void letter() {
        tree.letter();
        forks.letter();
    }

    /** Goes over what says of a group what it is; whether it captures. */
    private boolean groupHead() {
        if (!regex.startsWith("?", at)) {
            return true;
        }
        while (at < regex.length() && ":>)".indexOf(regex.charAt(at)) < 0) {
            at++;
        }
        boolean captures = regex.startsWith(">", at);
        if (at < regex.length() && regex.charAt(at) != ')') {
            at++;
        }
        return captures;
    }

    /** Behind a repeat, which may say that it takes as little as it can. */
    private void repeat(int times, int optional) {
        tree.repeat();
        forks.repeat(times, optional);
        if (regex.startsWith("?", at)) {
            at++;
        }
    }

    /** Goes over {@code {n}}, {@code {n,}} or {@code {n,m}}; 0 where it is none, which then stands for itself. */
    private int count() {
        int end = regex.indexOf('}', at);
        int start = at + 1;
        if (end < 0 || !regex.substring(start, end).matches("\\d{1,9}(,\\d{0,9})?")) {
            at = start;
            return 0;
        }
        at = end + 1;
        least = Integer.parseInt(regex.substring(start, end).split(",", -1)[0]);
        int count = 0;
        for (String bound : regex.substring(start, end).split(",", -1)) {
            count = Math.max(count, bound.isEmpty() ? 0 : Integer.parseInt(bound));
        }
        return count;
    }

    /** Whether what is escaped at a position is no ASCII character. */
    private boolean isWideEscape(int escape) {
        return escape + 1 < regex.length() && regex.charAt(escape + 1) > 0x7f;
    }

    private String badEscape(int escape) {
        return "invalid escape sequence: `\\" + Character.toString(regex.codePointAt(escape + 1)) + "`";
    }

    private void escape() {
        char letter = at + 1 < regex.length() ? regex.charAt(at + 1) : 0;
        at += 2;
        if (letter == 'Q') {
            int end = regex.indexOf("\\E", at);
            at = end < 0 ? regex.length() : end + 2;
        } else if ((letter == 'p' || letter == 'P' || letter == 'x')
                && at < regex.length()
                && regex.charAt(at) == '{') {
            int end = regex.indexOf('}', at);
            at = end < 0 ? regex.length() : end + 1;
        }
    }

    /** Goes over a set of characters; gives where the first faulty escape in it is, -1 for nowhere. */
    private int characterClass() {
        int faulty = -1;
        at++;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        // A bracket that comes first stands for itself.
        int first = at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            if (regex.charAt(at) == '\\') {
                faulty = faulty < 0 && isWideEscape(at) ? at : faulty;
                at++;
            } else if (regex.startsWith("[:", at)) {
                int end = regex.indexOf(":]", at + 2);
                at = end < 0 ? at : end + 1;
            }
            at++;
        }
        at++;
        return faulty;
    }
}
