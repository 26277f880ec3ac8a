// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import com.google.re2j.Matcher;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replacement texts with {@code $1}, {@code $name} and {@code ${name}} for the groups of a match and {@code $$} for a dollar
 * (Go package regexp, "Expand"). A group that there is not stands for nothing; a name is as long as can be, so that {@code
 * $1x} is the group "1x"; a number does not begin with 0. Of several groups with one name the first counts that took part.
 */
public final class RegexTemplate {
    private RegexTemplate() {}

    /**
     * Fills a template.
     *
     * @param match of a pattern of {@link AnchoredRegex}, which did match
     */
    public static String expand(String template, Matcher match) {
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
        while (end < template.length()) {
            int c = template.codePointAt(end);
            if (!Character.isLetterOrDigit(c) && c != '_') {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static @Nullable String group(Matcher match, String name) {
        boolean digits = name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9;
        if (digits && (name.length() == 1 || name.charAt(0) != '0')) {
            int number = Integer.parseInt(name);
            return number <= match.groupCount() ? match.group(number) : null;
        }
        Map<String, Integer> groups = match.pattern().namedGroups();
        Integer index = groups.get(name);
        for (int again = 1; index != null; again++) {
            String group = match.group(index);
            if (group != null) {
                return group;
            }
            index = groups.get(RepeatedGroups.name(name, again));
        }
        return null;
    }
}
