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
import org.jspecify.annotations.Nullable;

/** Reads the parameters that many answers share, with Prometheus' words for what is wrong with them. */
final class Parameters {
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

    /** A required duration in milliseconds. */
    static long duration(Request request, String name) {
        try {
            return Timestamps.parseDuration(request.parameter(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidParameter(name, words(e));
        }
    }

    /** A duration that may be missing. */
    static @Nullable Duration optionalDuration(Request request, String name) {
        return request.parameter(name).isEmpty() ? null : Duration.ofMillis(duration(request, name));
    }

    /** How many results are wanted at most; 0 for all. */
    static int limit(Request request) {
        String text = request.parameter("limit");
        if (text.isEmpty()) {
            return 0;
        }
        long limit;
        try {
            limit = Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw ApiException.invalidParameter(
                    "limit", "strconv.Atoi: parsing " + QuotedString.of(text) + ": invalid syntax");
        }
        if (limit < 0) {
            throw ApiException.invalidParameter("limit", "limit must be non-negative");
        }
        return (int) Math.min(limit, Integer.MAX_VALUE);
    }

    /**
     * The series selectors of {@code match[]}, one list of matchers each.
     *
     * @param prefix of messages, which Prometheus has in some answers and not in others
     */
    static List<List<LabelMatcher>> selectors(Request request, String prefix) {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : request.parameters("match[]")) {
            selectors.add(selector(text, prefix));
        }
        return selectors;
    }

    private static List<LabelMatcher> selector(String text, String prefix) {
        if (text.isEmpty()) {
            throw ApiException.badData(prefix + "unknown position: parse error: unexpected end of input");
        }
        try {
            List<LabelMatcher> matchers = PromqlParser.parseSelector(text);
            if (!matchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
                return matchers;
            }
        } catch (PromqlParseException e) {
            if (!e.problem().startsWith("vector selector must contain at least one non-empty matcher")) {
                throw ApiException.badData(prefix + e.words());
            }
        }
        throw ApiException.badData(prefix + "match[] must contain at least one non-empty matcher");
    }

    /** A truth value in one of Go's forms; empty for false. */
    static boolean bool(Request request, String name) {
        String text = request.parameter(name);
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
