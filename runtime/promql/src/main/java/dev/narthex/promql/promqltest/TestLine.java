// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.PromDuration;
import dev.narthex.promql.syntax.PromqlParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A line of a test file.
 *
 * @param file how messages name the file
 * @param number from 1 on
 * @param text without the spaces around it
 */
record TestLine(String file, int number, String text) {
    /** Reads it; what is wrong with it is said with its place. */
    <T extends @Nullable Object> T read(Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | PromqlParseException e) {
            throw new IllegalArgumentException(place() + e.getMessage() + ", in \"" + text + "\"", e);
        }
    }

    /** A moment in milliseconds, which part of the line tells as a duration since 1970, with or without a sign. */
    long time(String part) {
        try {
            return part.equals("0") ? 0 : PromDuration.parseAllowNegative(part);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place() + e.getMessage(), e);
        }
    }

    /** A duration in milliseconds that part of the line tells. */
    long step(String part) {
        long stepMs = time(part);
        if (stepMs <= 0) {
            throw error("step " + part + "; expected a duration greater than 0");
        }
        return stepMs;
    }

    IllegalArgumentException error(String message) {
        return new IllegalArgumentException(place() + message);
    }

    private String place() {
        return file + ":" + number + ": ";
    }
}
