// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.match;

import java.util.ArrayList;
import java.util.List;

/**
 * What an anchored regular expression amounts to, where that is simple: then no expression is run, or only on the
 * values that can match. An expression that is not understood here is {@link General}, which is always right.
 */
public sealed interface RegexShape {
    /** Exactly these values. */
    record Literals(List<String> values) implements RegexShape {
        public Literals {
            values = List.copyOf(values);
        }
    }

    /** Every value, as {@code .*}; values in the index are never empty, so {@code .+} is the same there. */
    record Anything(boolean emptyToo) implements RegexShape {}

    /** Values that begin with a text and go on with anything; {@code more} where something must follow. */
    record Prefix(String text, boolean more) implements RegexShape {}

    /** Values that end with a text; {@code more} where something must come before. */
    record Suffix(String text, boolean more) implements RegexShape {}

    /** Values that contain a text, with anything on both sides. */
    record Contains(String text) implements RegexShape {}

    /** Anything else; what matches begins with the prefix, which may be empty. */
    record General(String prefix) implements RegexShape {}

    String META = "\\.+*?()|[]{}^$";

    /** Looks at an expression as it was written, without anchors. */
    static RegexShape of(String regex) {
        if (regex.equals(".*") || regex.equals(".+")) {
            return new Anything(regex.equals(".*"));
        }
        List<String> literals = literals(regex);
        if (!literals.isEmpty()) {
            return new Literals(literals);
        }
        return wildcard(regex);
    }

    /** The alternatives of an expression of nothing but literals, for example {@code a|b\.c|d}; empty for others. */
    private static List<String> literals(String regex) {
        List<String> found = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '|') {
                found.add(literal.toString());
                literal.setLength(0);
            } else if (c == '\\' && i + 1 < regex.length() && isEscapable(regex.charAt(i + 1))) {
                literal.append(regex.charAt(++i));
            } else if (META.indexOf(c) >= 0) {
                return List.of();
            } else {
                literal.append(c);
            }
        }
        found.add(literal.toString());
        return found;
    }

    private static RegexShape wildcard(String regex) {
        boolean before = regex.startsWith(".*") || regex.startsWith(".+");
        boolean after = regex.length() >= 2
                && (regex.endsWith(".*") || regex.endsWith(".+"))
                && !regex.endsWith("\\.*")
                && !regex.endsWith("\\.+");
        int begin = before ? 2 : 0;
        int end = after ? regex.length() - 2 : regex.length();
        if (begin >= end) {
            return new General("");
        }
        List<String> middle = literals(regex.substring(begin, end));
        if (middle.size() == 1 && (before || after)) {
            String text = middle.getFirst();
            boolean moreBefore = before && regex.charAt(1) == '+';
            boolean moreAfter = after && regex.charAt(regex.length() - 1) == '+';
            if (!before) {
                return new Prefix(text, moreAfter);
            }
            if (!after) {
                return new Suffix(text, moreBefore);
            }
            if (!moreBefore && !moreAfter) {
                return new Contains(text);
            }
        }
        return new General(before ? "" : prefix(regex));
    }

    /** The literal characters that every match begins with. */
    private static String prefix(String regex) {
        if (hasAlternative(regex)) {
            return "";
        }
        StringBuilder prefix = new StringBuilder();
        int i = 0;
        while (i < regex.length()) {
            char c = regex.charAt(i);
            int width = 1;
            if (c == '\\' && i + 1 < regex.length() && isEscapable(regex.charAt(i + 1))) {
                c = regex.charAt(i + 1);
                width = 2;
            } else if (META.indexOf(c) >= 0) {
                break;
            }
            boolean repeated = i + width < regex.length() && "*?{+".indexOf(regex.charAt(i + width)) >= 0;
            if (repeated || Character.isSurrogate(c)) {
                break;
            }
            prefix.append(c);
            i += width;
        }
        return prefix.toString();
    }

    private static boolean hasAlternative(String regex) {
        return regex.indexOf('|') >= 0;
    }

    /** Punctuation stands for itself behind a backslash; letters and digits do not. */
    private static boolean isEscapable(char c) {
        return c < 0x80 && !Character.isLetterOrDigit(c) && c > ' ';
    }
}
