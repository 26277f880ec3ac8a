// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import com.google.re2j.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Replacement texts with {@code $1}, {@code $name} and {@code ${name}} for the groups of a match and {@code $$} for a dollar
 * (Go package regexp, "Expand"). A group that there is not stands for nothing; a name is as long as can be, so that {@code
 * $1x} is the group "1x".
 */
final class RegexTemplate {
    private RegexTemplate() {}

    static String expand(String template, Matcher match) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$' || at + 1 == template.length()) {
                text.append(c);
                at++;
                continue;
            }
            boolean braces = template.charAt(at + 1) == '{';
            int start = at + (braces ? 2 : 1);
            int end = endOfName(template, start);
            if (template.charAt(at + 1) == '$') {
                text.append('$');
                at += 2;
            } else if (end == start || (braces && (end == template.length() || template.charAt(end) != '}'))) {
                text.append('$');
                at++;
            } else {
                String group = group(match, template.substring(start, end));
                text.append(group == null ? "" : group);
                at = end + (braces ? 1 : 0);
            }
        }
        return text.toString();
    }

    private static int endOfName(String template, int start) {
        int end = start;
        while (end < template.length()
                && (Character.isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static @Nullable String group(Matcher match, String name) {
        if (name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9) {
            int number = Integer.parseInt(name);
            return number <= match.groupCount() ? match.group(number) : null;
        }
        try {
            return match.group(name);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
