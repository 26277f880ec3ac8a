// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What Go's regular expressions refuse and our engine takes (Go documentation, {@code regexp/syntax}): repetitions within
 * repetitions that make more than 1,000 in all, and escaped letters beyond ASCII.
 */
final class Repetitions {
    private static final int MAX = 1000;

    private final String regex;
    /** Of each open group, how often what is in it repeats. */
    private final Deque<Long> groups = new ArrayDeque<>();

    private int at;
    /** How often the expression just read repeats within itself, and within its group. */
    private long last = 1;

    private long most = 1;

    private Repetitions(String regex) {
        this.regex = regex;
    }

    /** What is wrong, empty where nothing is; other faults are the engine's to find. */
    static String problem(String regex) {
        return new Repetitions(regex).scan();
    }

    private String scan() {
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> {
                    if (at + 1 < regex.length() && regex.charAt(at + 1) > 0x7f) {
                        return badEscape(at + 1);
                    }
                    at = endOfEscape();
                    atom(1);
                }
                case '[' -> {
                    int from = at;
                    at = endOfSet();
                    for (int i = from; i + 1 < at; i++) {
                        if (regex.charAt(i) == '\\' && regex.charAt(++i) > 0x7f) {
                            return badEscape(i);
                        }
                    }
                    atom(1);
                }
                case '(' -> {
                    groups.push(most);
                    most = 1;
                    at++;
                }
                case ')' -> {
                    long inner = most;
                    most = groups.isEmpty() ? 1 : groups.pop();
                    at++;
                    atom(inner);
                }
                case '{' -> {
                    String problem = repeat();
                    if (!problem.isEmpty()) {
                        return problem;
                    }
                }
                default -> {
                    at++;
                    if (c != '*' && c != '+' && c != '?') {
                        atom(1);
                    }
                }
            }
        }
        return "";
    }

    private String badEscape(int letter) {
        return "invalid escape sequence: `\\" + Character.toString(regex.codePointAt(letter)) + "`";
    }

    private void atom(long repeats) {
        last = repeats;
        most = Math.max(most, repeats);
    }

    /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else in braces is a text. */
    private String repeat() {
        int closing = regex.indexOf('}', at);
        String inner = closing < 0 ? "" : regex.substring(at + 1, closing);
        if (!inner.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
            at++;
            atom(1);
            return "";
        }
        String[] bounds = inner.split(",", -1);
        long times = Long.parseLong(bounds.length > 1 && !bounds[1].isEmpty() ? bounds[1] : bounds[0]);
        at = closing + 1;
        atom(last * Math.max(1, times));
        return last > MAX ? "invalid repeat count: `{" + inner + "}`" : "";
    }

    private int endOfEscape() {
        if (regex.startsWith("\\Q", at)) {
            int end = regex.indexOf("\\E", at);
            return end < 0 ? regex.length() : end + 2;
        }
        return Math.min(at + 2, regex.length());
    }

    private int endOfSet() {
        int end = at + 1;
        if (end < regex.length() && regex.charAt(end) == '^') {
            end++;
        }
        int first = end;
        while (end < regex.length() && (regex.charAt(end) != ']' || end == first)) {
            if (regex.startsWith("[:", end) && regex.indexOf(":]", end) > 0) {
                end = regex.indexOf(":]", end) + 2;
            } else {
                end += regex.charAt(end) == '\\' ? 2 : 1;
            }
        }
        return Math.min(end + 1, regex.length());
    }
}
