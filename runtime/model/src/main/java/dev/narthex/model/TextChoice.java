// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An anchored regular expression that is a choice of plain texts: {@code a|b|c\.d}, or the same in a group. Dashboards and
 * lists of metrics to drop make such ones of thousands; a set answers for them whatever their number. Immutable.
 *
 * @param texts what matches
 * @param captured whether the text is the first group of the match as well
 */
public record TextChoice(Set<String> texts, boolean captured) {
    private static final String SPECIAL = "\\.+*?()[]{}^$";

    /** What stands for itself behind a backslash. */
    private static final String PUNCTUATION = SPECIAL + "|-/:;,!@#%&=~_<> '\"`";

    private static final String GROUP = "(";
    private static final String GROUP_WITHOUT_NUMBER = "(?:";

    /** The choice that an expression is; null for other expressions, faulty ones among them. */
    public static @Nullable TextChoice of(String regex) {
        if (regex.indexOf('|') < 0) {
            return null;
        }
        boolean captured = false;
        int start = 0;
        int end = regex.length();
        if (regex.startsWith(GROUP) && regex.endsWith(")")) {
            captured = !regex.startsWith(GROUP_WITHOUT_NUMBER);
            start = captured ? GROUP.length() : GROUP_WITHOUT_NUMBER.length();
            end--;
        }
        Set<String> texts = texts(regex, start, end);
        return texts == null ? null : new TextChoice(texts, captured);
    }

    private static @Nullable Set<String> texts(String regex, int start, int end) {
        Set<String> texts = new HashSet<>();
        StringBuilder text = new StringBuilder();
        for (int i = start; i < end; i++) {
            char c = regex.charAt(i);
            if (c == '|') {
                texts.add(text.toString());
                text.setLength(0);
            } else if (c == '\\' && i + 1 < end && PUNCTUATION.indexOf(regex.charAt(i + 1)) >= 0) {
                i++;
                text.append(regex.charAt(i));
            } else if (SPECIAL.indexOf(c) >= 0) {
                return null;
            } else {
                text.append(c);
            }
        }
        texts.add(text.toString());
        return texts;
    }

    public boolean matches(String text) {
        return texts.contains(text);
    }
}
