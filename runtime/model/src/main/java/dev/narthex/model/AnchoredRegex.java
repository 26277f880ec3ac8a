// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions of matchers, relabelling and {@code label_replace}: RE2, anchored at both ends, in which a dot matches
 * a line feed too.
 */
public final class AnchoredRegex {
    private AnchoredRegex() {}

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException when the text is none; the message says why in Go's words
     */
    public static Pattern compile(String regex) {
        requireNoFault(regex);
        String anchored = "^(?s:" + regex + ")$";
        requireNoFault(anchored);
        try {
            return Pattern.compile(anchored);
        } catch (PatternSyntaxException e) {
            String renamed = RepeatedGroups.renamed(regex);
            if (!renamed.equals(regex)) {
                return compile(renamed);
            }
            throw new IllegalArgumentException(describe(problemOf(regex, e)), e);
        }
    }

    /**
     * Compiles an expression that brings its own anchors, or has none.
     *
     * @throws IllegalArgumentException when the text is none; the message says why in Go's words
     */
    public static Pattern compileAsItIs(String regex) {
        requireNoFault(regex);
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            String renamed = RepeatedGroups.renamed(regex);
            if (!renamed.equals(regex)) {
                return compileAsItIs(renamed);
            }
            throw new IllegalArgumentException(describe(e), e);
        }
    }

    private static void requireNoFault(String regex) {
        String fault = RegexFaults.find(regex);
        if (fault != null) {
            throw new IllegalArgumentException("error parsing regexp: " + fault);
        }
    }

    /** The problem of the expression as it was written, without what is put around it, where it has one alone. */
    private static PatternSyntaxException problemOf(String regex, PatternSyntaxException anchored) {
        try {
            Pattern _ = Pattern.compile(regex);
            return anchored;
        } catch (PatternSyntaxException e) {
            return e;
        }
    }

    private static String describe(PatternSyntaxException e) {
        String pattern = e.getPattern();
        return "error parsing regexp: " + e.getDescription() + (pattern == null ? "" : ": `" + pattern + "`");
    }
}
