// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.narthex.model.AnchoredRegex;
import dev.narthex.model.RegexTemplate;
import dev.narthex.model.TextChoice;
import org.jspecify.annotations.Nullable;

/** A regular expression of a relabelling step: RE2, anchored at both ends. Equal when its text is. */
public final class RelabelPattern {
    /** What holds where nothing is said: everything matches, and is the first group. */
    public static final RelabelPattern DEFAULT = new RelabelPattern(
            RelabelConfig.DEFAULT_REGEX, AnchoredRegex.compile(RelabelConfig.DEFAULT_REGEX), null, true);

    private static final Pattern ALL = AnchoredRegex.compile(".*");

    private final String regex;

    /** Where the expression is a choice of texts, one that matches all of them, with the same groups. */
    private final Pattern pattern;

    private final @Nullable TextChoice choice;
    private final boolean implied;

    private RelabelPattern(String regex, Pattern pattern, @Nullable TextChoice choice, boolean implied) {
        this.regex = regex;
        this.pattern = pattern;
        this.choice = choice;
        this.implied = implied;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException when the text is no regular expression; the message says why
     */
    public static RelabelPattern of(String regex) {
        TextChoice choice = TextChoice.of(regex);
        if (choice != null) {
            return new RelabelPattern(regex, choice.captured() ? DEFAULT.pattern : ALL, choice, false);
        }
        try {
            return new RelabelPattern(regex, AnchoredRegex.compile(regex), null, false);
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
        return choice == null ? pattern.matcher(text).matches() : choice.matches(text);
    }

    /**
     * Fills a template with the groups of the match: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}}, and
     * {@code $$} for a dollar sign (Go documentation, {@code Regexp.Expand}). A group that is not there is empty.
     *
     * @return null where the text does not match
     */
    public @Nullable String expand(String text, String template) {
        if (choice != null && !choice.matches(text)) {
            return null;
        }
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        if (template.indexOf('$') < 0) {
            return template;
        }
        return RegexTemplate.expand(template, matcher);
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
