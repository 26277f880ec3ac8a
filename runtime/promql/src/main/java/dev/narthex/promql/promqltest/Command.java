// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import java.util.List;
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

    /**
     * What must come out.
     *
     * @param fails whether it must fail
     * @param failure text that the message must be, null for any
     * @param failurePattern expression that the message must match, null for any
     * @param ordered whether the order counts
     * @param annotations what must be said beside
     * @param text the string that must come out, null for none
     * @param range the range vector that must come out, null for none
     * @param scalar the number that must come out, null for none
     * @param series the series that must come out
     */
    record Expectation(
            boolean fails,
            @Nullable String failure,
            @Nullable String failurePattern,
            boolean ordered,
            List<Annotation> annotations,
            @Nullable String text,
            @Nullable Range range,
            @Nullable Double scalar,
            List<SeriesNotation> series) {}

    /** The steps on which the samples of a range vector must stand. */
    record Range(long startMs, long endMs, long stepMs) {}

    /**
     * What must be said beside the result.
     *
     * @param kind warn, info, no_warn or no_info
     * @param message the text, null for any
     * @param pattern an expression that the text must match, null for any
     */
    record Annotation(
            String kind, @Nullable String message, @Nullable String pattern) {}
}
