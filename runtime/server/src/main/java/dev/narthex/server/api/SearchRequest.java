// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Timestamps;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import dev.narthex.server.search.Fuzziness;
import dev.narthex.server.search.SearchTerms;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code /api/v1/search/*} is asked for: {@code start}, {@code end}, {@code match[]}, {@code search[]},
 * {@code fuzz_threshold}, {@code fuzz_alg}, {@code case_sensitive}, {@code include_score}, {@code include_metadata},
 * {@code limit}, {@code batch_size}, {@code sort_by}, {@code sort_dir}.
 *
 * @param selectors of the series whose names or values are looked at; none for all
 * @param limit results at the most
 * @param batchSize results in a line at the most
 */
record SearchRequest(
        long startMs,
        long endMs,
        List<List<LabelMatcher>> selectors,
        SearchTerms terms,
        boolean includeScore,
        boolean includeMetadata,
        int limit,
        int batchSize,
        Order order) {
    private static final long DEFAULT_RANGE_MS = Duration.ofHours(1).toMillis();
    private static final int MAX_TERMS = 32;
    private static final int WHOLE = 100;
    private static final int DEFAULT_LIMIT = 100;
    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,9}");

    /** What is searched; Prometheus names it in messages. */
    enum Subject {
        METRIC_NAMES("metric_names"),
        LABEL_NAMES("label_names"),
        LABEL_VALUES("label_values");

        private final String text;

        Subject(String text) {
            this.text = text;
        }
    }

    /** How results are sorted. */
    enum Order {
        UP,
        DOWN,
        BEST_FIRST
    }

    /** @param maxLimit the highest {@code limit} there may be, 0 for any */
    static SearchRequest of(Request request, Subject subject, long nowMs, int maxLimit) {
        Parameters.requireReadable(request);
        long startMs = time(request, "start", nowMs - DEFAULT_RANGE_MS);
        long endMs = time(request, "end", nowMs);
        if (endMs < startMs) {
            throw ApiException.badData("end timestamp must not be before start timestamp");
        }
        List<List<LabelMatcher>> selectors = Parameters.selectors(request, "");
        SearchTerms terms = terms(request);
        boolean includeScore = bool(request, "include_score", false);
        if (request.parameter("sort_by").isEmpty()
                && !request.parameter("sort_dir").isEmpty()) {
            throw ApiException.badData("sort_dir is only valid when sort_by is set");
        }
        int limit = positive(request, "limit", maxLimit == 0 ? DEFAULT_LIMIT : Math.min(DEFAULT_LIMIT, maxLimit));
        if (maxLimit != 0 && limit > maxLimit) {
            throw ApiException.badData("limit " + limit + " exceeds the configured maximum (" + maxLimit
                    + ", see --web.search.max-limit)");
        }
        int batchSize = positive(request, "batch_size", DEFAULT_LIMIT);
        boolean includeMetadata = subject == Subject.METRIC_NAMES && bool(request, "include_metadata", false);
        return new SearchRequest(
                startMs,
                endMs,
                selectors,
                terms,
                includeScore,
                includeMetadata,
                limit,
                batchSize,
                order(request, subject, terms));
    }

    private static long time(Request request, String name, long otherwise) {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Timestamps.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badData("invalid time value for '" + name + "': " + e.getMessage());
        }
    }

    private static SearchTerms terms(Request request) {
        List<String> texts = request.parameters("search[]");
        if (texts.size() > MAX_TERMS) {
            throw ApiException.badData("too many search[] terms: got " + texts.size() + ", maximum is " + MAX_TERMS);
        }
        int threshold = number(request, "fuzz_threshold", 0);
        if (threshold < 0 || threshold > WHOLE) {
            throw invalid(request, "fuzz_threshold", "0-100");
        }
        String name = request.parameter("fuzz_alg");
        Fuzziness fuzziness = name.isEmpty() ? Fuzziness.SUBSEQUENCE : Fuzziness.of(name);
        if (fuzziness == null) {
            String all = String.join(
                    " ", Arrays.stream(Fuzziness.values()).map(Fuzziness::text).toList());
            throw ApiException.badData(
                    "unsupported fuzz_alg " + QuotedString.of(name) + ": must be one of [" + all + "]");
        }
        return new SearchTerms(texts, fuzziness, threshold / (double) WHOLE, bool(request, "case_sensitive", true));
    }

    private static Order order(Request request, Subject subject, SearchTerms terms) {
        String by = request.parameter("sort_by");
        String direction = request.parameter("sort_dir");
        return switch (by) {
            case "" -> Order.UP;
            case "alpha" ->
                switch (direction) {
                    case "", "asc" -> Order.UP;
                    case "dsc" -> Order.DOWN;
                    default -> throw invalid(request, "sort_dir", "\"asc\" or \"dsc\"");
                };
            case "score" -> {
                if (!direction.isEmpty()) {
                    throw ApiException.badData("sort_dir is not supported for sort_by=score");
                }
                if (terms.isEmpty()) {
                    throw ApiException.badData("sort_by=score requires search[] to be set");
                }
                yield Order.BEST_FIRST;
            }
            default ->
                throw ApiException.badData("invalid sort_by " + QuotedString.of(by) + " for " + subject.text
                        + ": must be \"alpha\" or \"score\"");
        };
    }

    private static int positive(Request request, String name, int otherwise) {
        int value = number(request, name, otherwise);
        if (value < 1) {
            throw invalid(request, name, "a positive integer");
        }
        return value;
    }

    /** A whole number; -1 for what is none. */
    private static int number(Request request, String name, int otherwise) {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        return DIGITS.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    private static boolean bool(Request request, String name, boolean otherwise) {
        String text = request.parameter(name);
        return switch (text) {
            case "" -> otherwise;
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw invalid(request, name, "boolean");
        };
    }

    private static ApiException invalid(Request request, String name, String wanted) {
        return ApiException.badData(
                "invalid " + name + " " + QuotedString.of(request.parameter(name)) + ": must be " + wanted);
    }
}
