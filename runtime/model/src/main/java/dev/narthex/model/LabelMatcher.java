// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label, as in {@code {job=~"shop|cart"}}. A missing label counts as the empty string. Regular
 * expressions are RE2's, anchored at both ends, and match in linear time. Immutable and safe for use by many threads.
 */
public final class LabelMatcher {
    private final MatchOp op;
    private final String name;
    private final String value;
    private final @Nullable Pattern pattern;

    /** What matches, where the expression is a choice of plain texts. */
    private final @Nullable TextChoice texts;

    private LabelMatcher(MatchOp op, String name, String value, @Nullable Pattern pattern, @Nullable TextChoice texts) {
        this.op = op;
        this.name = name;
        this.value = value;
        this.pattern = pattern;
        this.texts = texts;
    }

    /**
     * Makes a matcher.
     *
     * @throws IllegalArgumentException when the operator takes a regular expression and the value is none; the message
     *     says why
     */
    public static LabelMatcher of(MatchOp op, String name, String value) {
        if (!op.isRegex()) {
            return new LabelMatcher(op, name, value, null, null);
        }
        TextChoice texts = TextChoice.of(value);
        return new LabelMatcher(op, name, value, texts == null ? AnchoredRegex.compile(value) : null, texts);
    }

    public static LabelMatcher equal(String name, String value) {
        return of(MatchOp.EQUAL, name, value);
    }

    public MatchOp op() {
        return op;
    }

    /** The label name; {@link Labels#METRIC_NAME} for the metric name. */
    public String name() {
        return name;
    }

    /** The value or the regular expression as it was written. */
    public String value() {
        return value;
    }

    /** Whether a label value meets the condition; pass the empty string for a missing label. */
    public boolean matches(String labelValue) {
        return switch (op) {
            case EQUAL -> labelValue.equals(value);
            case NOT_EQUAL -> !labelValue.equals(value);
            case REGEX -> find(labelValue);
            case NOT_REGEX -> !find(labelValue);
        };
    }

    public boolean matches(Labels labels) {
        return matches(labels.getOrEmpty(name));
    }

    /** Whether a label set meets all conditions. */
    public static boolean allMatch(List<LabelMatcher> matchers, Labels labels) {
        for (LabelMatcher matcher : matchers) {
            if (!matcher.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a series without this label meets the condition. */
    public boolean matchesEmpty() {
        return matches("");
    }

    private boolean find(String labelValue) {
        return texts != null
                ? texts.matches(labelValue)
                : pattern != null && pattern.matcher(labelValue).matches();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelMatcher matcher
                && op == matcher.op
                && name.equals(matcher.name)
                && value.equals(matcher.value);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * op.hashCode() + name.hashCode()) + value.hashCode();
    }

    /** The form of PromQL: {@code job=~"shop|cart"}; a name that needs quotes has them. */
    @Override
    public String toString() {
        String shown = LabelNames.isClassic(name) ? name : QuotedString.of(name);
        return shown + op.symbol() + QuotedString.of(value);
    }
}
