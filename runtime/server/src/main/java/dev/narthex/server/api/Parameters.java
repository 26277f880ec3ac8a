// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Timestamps;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters that many answers share, with Prometheus' words for what is wrong with them. */
final class Parameters {
    /** What is wrong with a selector that is not there. */
    static final String NOTHING = "unknown position: parse error: unexpected end of input";

    static final String UNREADABLE = "error parsing form values: ";

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private Parameters() {}

    /** A required time. */
    static long time(Request request, String name) {
        try {
            return Timestamps.parse(request.parameter(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidParameter(name, words(e));
        }
    }

    /** A time that may be missing. */
    static long time(Request request, String name, long defaultMs) {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return defaultMs;
        }
        try {
            return Timestamps.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidParameter(name, "invalid time value for '" + name + "': " + words(e));
        }
    }

    /** A required duration in nanoseconds. */
    static long durationNanos(Request request, String name) {
        try {
            return Timestamps.parseDurationNanos(request.parameter(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidParameter(name, words(e));
        }
    }

    /** A duration that may be missing. */
    static @Nullable Duration optionalDuration(Request request, String name) {
        return request.parameter(name).isEmpty() ? null : Duration.ofNanos(durationNanos(request, name));
    }

    /** How many results are wanted at most; 0 for all. */
    static int limit(Request request) {
        String text = request.parameter("limit");
        if (text.isEmpty()) {
            return 0;
        }
        long limit = integer("limit", "strconv.Atoi", text, Long.MIN_VALUE, Long.MAX_VALUE);
        if (limit < 0) {
            throw ApiException.invalidParameter("limit", "limit must be non-negative");
        }
        return (int) Math.min(limit, Integer.MAX_VALUE);
    }

    /** A whole number as Go reads one, in ASCII digits with or without a sign; null where it is none. */
    static @Nullable Long wholeNumber(String text) {
        try {
            return INTEGER.matcher(text).matches() ? Long.valueOf(text) : null;
        } catch (NumberFormatException _) {
            return null; // too large
        }
    }

    /**
     * As {@link #wholeNumber}, of a parameter, which is refused in Go's words where it is none or not within the bounds.
     *
     * @param function Go's, which Prometheus names in its messages
     */
    static long integer(String name, String function, String text, long least, long most) {
        Long value = wholeNumber(text);
        if (value != null && value >= least && value <= most) {
            return value;
        }
        String problem = INTEGER.matcher(text).matches() ? "value out of range" : "invalid syntax";
        throw ApiException.invalidParameter(name, function + ": parsing " + QuotedString.of(text) + ": " + problem);
    }

    /** Refuses a request whose query string or form could not be read whole. */
    static void requireReadable(Request request) {
        String problem = request.parameters().problem();
        if (!problem.isEmpty()) {
            throw ApiException.badData(UNREADABLE + problem);
        }
    }

    /**
     * The series selectors of {@code match[]}, one list of matchers each.
     *
     * @param prefix of messages, which Prometheus has in some answers and not in others
     */
    static List<List<LabelMatcher>> selectors(Request request, String prefix) {
        List<List<LabelMatcher>> selectors = anySelectors(request, prefix);
        if (selectors.stream().anyMatch(matchers -> matchers.stream().allMatch(LabelMatcher::matchesEmpty))) {
            throw ApiException.badData(prefix + "match[] must contain at least one non-empty matcher");
        }
        return selectors;
    }

    /** The same, with those that every series fits. */
    static List<List<LabelMatcher>> anySelectors(Request request, String prefix) {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : request.parameters("match[]")) {
            selectors.add(selector(text, prefix));
        }
        return selectors;
    }

    private static List<LabelMatcher> selector(String text, String prefix) {
        if (text.isEmpty()) {
            throw ApiException.badData(prefix + NOTHING);
        }
        try {
            return PromqlParser.parseAnySelector(text);
        } catch (PromqlParseException e) {
            throw ApiException.badData(prefix + e.words());
        }
    }

    /** The truth value of a parameter in one of Go's forms; empty for false. */
    static boolean bool(String name, String text) {
        return switch (text) {
            case "" -> false;
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw ApiException.invalidParameter(
                        name,
                        "error converting " + name + ": strconv.ParseBool: parsing " + QuotedString.of(text)
                                + ": invalid syntax");
        };
    }

    private static String words(IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
    }
}
