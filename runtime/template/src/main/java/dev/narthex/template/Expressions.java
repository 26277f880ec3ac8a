// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.narthex.model.AnchoredRegex;

/** Regular expressions in templates: RE2, not anchored, with Go's rules of replacement. */
final class Expressions {
    private Expressions() {}

    static boolean match(String regex, String text) {
        try {
            return AnchoredRegex.compileAsItIs(regex).matcher(text).find();
        } catch (IllegalArgumentException e) {
            throw new FunctionException(String.valueOf(e.getMessage()));
        }
    }

    /** {@code Regexp.ReplaceAllString}: an empty match right behind another match does not count. */
    static String replaceAll(String regex, String replacement, String text) {
        Pattern pattern;
        try {
            pattern = AnchoredRegex.compileAsItIs(regex);
        } catch (IllegalArgumentException e) {
            throw new FunctionException("regexp: Compile(`" + regex + "`): " + e.getMessage());
        }
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.start() == lastEnd) {
                continue;
            }
            out.append(text, copied, matcher.start());
            expand(out, pattern, matcher, replacement);
            copied = matcher.end();
            lastEnd = matcher.end();
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** {@code Regexp.Expand}: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}}, {@code $$}. */
    private static void expand(StringBuilder out, Pattern pattern, Matcher matcher, String replacement) {
        int at = 0;
        while (at < replacement.length()) {
            int dollar = replacement.indexOf('$', at);
            if (dollar < 0) {
                break;
            }
            out.append(replacement, at, dollar);
            boolean braces = replacement.startsWith("{", dollar + 1);
            int start = dollar + (braces ? 2 : 1);
            int end = start;
            while (end < replacement.length() && isNamePart(replacement.charAt(end))) {
                end++;
            }
            boolean closed = !braces || replacement.startsWith("}", end);
            if (replacement.startsWith("$", dollar + 1)) {
                out.append('$');
                at = dollar + 2;
            } else if (end == start || !closed) {
                out.append('$');
                at = dollar + 1;
            } else {
                appendGroup(out, pattern, matcher, replacement.substring(start, end));
                at = braces ? end + 1 : end;
            }
        }
        out.append(replacement, at, replacement.length());
    }

    private static void appendGroup(StringBuilder out, Pattern pattern, Matcher matcher, String name) {
        String group = null;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int index = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
            group = index <= matcher.groupCount() ? matcher.group(index) : null;
        } else if (pattern.namedGroups().containsKey(name)) {
            group = matcher.group(name);
        }
        out.append(group == null ? "" : group);
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
