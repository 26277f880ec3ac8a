// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.narthex.model.AnchoredRegex;
import org.jspecify.annotations.Nullable;

/** A regular expression of a relabelling step: RE2, anchored at both ends. Equal when its text is. */
public final class RelabelPattern {
    /** What holds where nothing is said: everything matches, and is the first group. */
    public static final RelabelPattern DEFAULT =
            new RelabelPattern(RelabelConfig.DEFAULT_REGEX, AnchoredRegex.compile(RelabelConfig.DEFAULT_REGEX), true);

    private final String regex;
    private final Pattern pattern;
    private final boolean implied;

    private RelabelPattern(String regex, Pattern pattern, boolean implied) {
        this.regex = regex;
        this.pattern = pattern;
        this.implied = implied;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException when the text is no regular expression; the message says why
     */
    public static RelabelPattern of(String regex) {
        try {
            return new RelabelPattern(regex, AnchoredRegex.compile(regex), false);
        } catch (IllegalArgumentException e) {
            // Those who report it show the expression themselves.
            throw e.getCause() instanceof PatternSyntaxException cause
                    ? new IllegalArgumentException("error parsing regexp: " + cause.getDescription(), e)
                    : e;
        }
    }

    /** The expression as it was written, without anchors. */
    public String regex() {
        return regex;
    }

    /** Whether this holds because nothing was said; it is equal to the same expression when somebody wrote it. */
    public boolean isImplied() {
        return implied;
    }

    public boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    /**
     * Fills a template with the groups of the match: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}}, and
     * {@code $$} for a dollar sign (Go documentation, {@code Regexp.Expand}). A group that is not there is empty.
     *
     * @return null where the text does not match
     */
    public @Nullable String expand(String text, String template) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        if (template.indexOf('$') < 0) {
            return template;
        }
        return expandTemplate(matcher, template);
    }

    private String expandTemplate(Matcher matcher, String template) {
        StringBuilder out = new StringBuilder(template.length());
        int at = 0;
        while (at < template.length()) {
            int dollar = template.indexOf('$', at);
            if (dollar < 0) {
                out.append(template, at, template.length());
                break;
            }
            out.append(template, at, dollar);
            at = dollar + 1;
            if (at < template.length() && template.charAt(at) == '$') {
                out.append('$');
                at++;
                continue;
            }
            boolean braces = at < template.length() && template.charAt(at) == '{';
            int start = braces ? at + 1 : at;
            int end = start;
            while (end < template.length() && isWord(template.charAt(end))) {
                end++;
            }
            boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
            if (end == start || !closed) {
                // Not a reference: the dollar sign stands for itself.
                out.append('$');
                continue;
            }
            out.append(group(matcher, template.substring(start, end)));
            at = braces ? end + 1 : end;
        }
        return out.toString();
    }

    private String group(Matcher matcher, String reference) {
        Integer index = groupIndex(reference);
        if (index == null || index > matcher.groupCount()) {
            return "";
        }
        String value = matcher.group(index);
        return value == null ? "" : value;
    }

    private @Nullable Integer groupIndex(String reference) {
        for (int i = 0; i < reference.length(); i++) {
            char c = reference.charAt(i);
            if (c < '0' || c > '9') {
                return pattern.namedGroups().get(reference);
            }
        }
        return reference.length() > 6 ? null : Integer.valueOf(reference);
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelabelPattern that && regex.equals(that.regex);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }

    @Override
    public String toString() {
        return regex;
    }
}
