// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The limit of RE2 on repeats within repeats: {@code (a{500}){3}} would be an automaton of 1,500 parts, and a few levels of
 * it one of a thousand million. Each repeat, times the greatest within it, is at most 1,000.
 */
final class RepeatLimit {
    private static final int MAX = 1000;

    private final String regex;
    private final Deque<Integer> groups = new ArrayDeque<>();
    private int at;

    private RepeatLimit(String regex) {
        this.regex = regex;
    }

    /** The first repeat that is too many, such as {@code {3}}; null where there is none. */
    static @Nullable String exceeded(String regex) {
        return regex.indexOf('{') < 0 ? null : new RepeatLimit(regex).exceeded();
    }

    private @Nullable String exceeded() {
        int greatest = 1;
        int last = 1;
        int repeatEnd = -1;
        while (at < regex.length()) {
            switch (regex.charAt(at)) {
                case '\\' -> {
                    escape();
                    last = 1;
                }
                case '[' -> {
                    characterClass();
                    last = 1;
                }
                case '(' -> {
                    groups.push(greatest);
                    greatest = 1;
                    last = 1;
                    at++;
                }
                case ')' -> {
                    last = greatest;
                    greatest = Math.max(last, groups.isEmpty() ? 1 : groups.pop());
                    at++;
                }
                case '{' -> {
                    int start = at;
                    int count = count();
                    if (count > 0 && start == repeatEnd) {
                        return null; // A repeat of a repeat, which is no expression at all.
                    }
                    repeatEnd = count > 0 ? at : -1;
                    if (count > MAX / last) {
                        return regex.substring(start, at);
                    }
                    last *= Math.max(1, count);
                    greatest = Math.max(greatest, last);
                }
                case '*', '+', '?' -> at++;
                default -> {
                    last = 1;
                    at++;
                }
            }
        }
        return null;
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
        int count = 0;
        for (String bound : regex.substring(start, end).split(",", -1)) {
            count = Math.max(count, bound.isEmpty() ? 0 : Integer.parseInt(bound));
        }
        return count;
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

    private void characterClass() {
        at++;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        // A bracket that comes first stands for itself.
        int first = at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            if (regex.charAt(at) == '\\') {
                at++;
            } else if (regex.startsWith("[:", at)) {
                int end = regex.indexOf(":]", at + 2);
                at = end < 0 ? at : end + 1;
            }
            at++;
        }
        at++;
    }
}
