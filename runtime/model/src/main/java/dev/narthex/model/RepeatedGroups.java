// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.HashMap;
import java.util.Map;

/**
 * Go takes an expression in which several groups have one name, and our engine does not: all but the first get names of
 * their own.
 */
final class RepeatedGroups {
    private static final String PREFIX = "narthex_again_";

    private final String regex;
    private final StringBuilder renamed = new StringBuilder();
    private final Map<String, Integer> seen = new HashMap<>();
    private int at;

    private RepeatedGroups(String regex) {
        this.regex = regex;
    }

    /** The expression with names that are there once. */
    static String renamed(String regex) {
        return new RepeatedGroups(regex).rename();
    }

    /** What a group is called that has a name again, counted from 1. */
    static String name(String name, int again) {
        return PREFIX + again + "_" + name;
    }

    private String rename() {
        while (at < regex.length()) {
            switch (regex.charAt(at)) {
                case '\\' -> takeUpTo(escapeEnd());
                case '[' -> takeUpTo(classEnd());
                case '(' -> group();
                default -> takeUpTo(at + 1);
            }
        }
        return renamed.toString();
    }

    private void takeUpTo(int end) {
        int stop = Math.min(end, regex.length());
        renamed.append(regex, at, stop);
        at = stop;
    }

    private void group() {
        int start = regex.startsWith("(?P<", at) ? at + 4 : regex.startsWith("(?<", at) ? at + 3 : 0;
        int end = start == 0 ? -1 : regex.indexOf('>', start);
        if (end < 0) {
            takeUpTo(at + 1);
            return;
        }
        takeUpTo(start);
        String name = regex.substring(start, end);
        int before = seen.merge(name, 1, Integer::sum) - 1;
        renamed.append(before == 0 ? name : name(name, before));
        at = end;
    }

    private int escapeEnd() {
        if (!regex.startsWith("\\Q", at)) {
            return at + 2;
        }
        int end = regex.indexOf("\\E", at);
        return end < 0 ? regex.length() : end + 2;
    }

    /** Where a set of characters ends; a bracket that comes first in it stands for itself. */
    private int classEnd() {
        int position = at + (regex.startsWith("[^", at) ? 2 : 1);
        int first = position;
        while (position < regex.length() && (regex.charAt(position) != ']' || position == first)) {
            if (regex.startsWith("[:", position)) {
                int end = regex.indexOf(":]", position + 2);
                position = end < 0 ? position : end + 1;
            } else if (regex.charAt(position) == '\\') {
                position++;
            }
            position++;
        }
        return position + 1;
    }
}
