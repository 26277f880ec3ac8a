// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command of a test file. */
sealed interface Command {
    /** The line on which it starts, from 1 on. */
    int line();

    /**
     * Loads series.
     *
     * @param stepMs the distance of two values
     * @param customBuckets whether classic histograms are loaded as native ones too
     */
    record Load(int line, long stepMs, boolean customBuckets, List<SeriesNotation> series) implements Command {}

    /** Forgets all series. */
    record Clear(int line) implements Command {}

    /**
     * Evaluates a query.
     *
     * @param startMs the moment, or the first step
     * @param endMs the last step; the moment for an instant query
     * @param stepMs the step, 0 for an instant query
     */
    record Eval(int line, String query, long startMs, long endMs, long stepMs, Expectation expectation)
            implements Command {
        boolean isInstant() {
            return stepMs == 0;
        }
    }

    /** A command that cannot be read: a failure, which says where and why. */
    record Unreadable(int line, IllegalArgumentException reason) implements Command {}

    /**
     * What must come out.
     *
     * @param fails whether it must fail
     * @param failures what its message must be, all of it
     * @param ordered whether the order counts
     * @param annotations what must be said beside
     * @param text the string that must come out, null for none
     * @param range the range vector that must come out, null for none
     * @param scalar the number that must come out, null for none
     * @param series the series that must come out
     */
    record Expectation(
            boolean fails,
            List<Wording> failures,
            boolean ordered,
            List<Annotation> annotations,
            @Nullable String text,
            @Nullable Range range,
            @Nullable Double scalar,
            List<SeriesNotation> series) {
        public Expectation {
            failures = List.copyOf(failures);
            annotations = List.copyOf(annotations);
            series = List.copyOf(series);
        }
    }

    /** The steps on which the samples of a range vector must stand. */
    record Range(long startMs, long endMs, long stepMs) {}

    /** What may be said beside a result, or not. */
    enum Kind {
        WARN,
        INFO,
        NO_WARN,
        NO_INFO;

        static Kind of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** What must be said beside the result; with a kind such as {@code NO_WARN}, that nothing of the kind is. */
    record Annotation(Kind kind, Wording wording) {}

    /**
     * How a message must be worded.
     *
     * @param exact the text, null for any
     * @param pattern what must be found in the text, null for anything
     */
    record Wording(@Nullable String exact, @Nullable Pattern pattern) {
        static final Wording ANY = new Wording(null, null);

        static Wording exactly(String text) {
            return new Wording(text, null);
        }

        /** @throws java.util.regex.PatternSyntaxException when it is no regular expression */
        static Wording matching(String expression) {
            return new Wording(null, Pattern.compile(unquoted(expression)));
        }

        boolean matches(String said) {
            // No line of a file ends with spaces.
            String message = said.stripTrailing();
            if (exact != null && !exact.equals(message) && !unquoted(exact).equals(message)) {
                return false;
            }
            return pattern == null || pattern.matcher(message).find();
        }

        /** The documentation of the language has messages in quotes, files have them without. */
        private static String unquoted(String text) {
            return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                    ? text.substring(1, text.length() - 1)
                    : text;
        }

        @Override
        public String toString() {
            return exact != null ? exact : pattern != null ? "/" + pattern + "/" : "any";
        }
    }
}
