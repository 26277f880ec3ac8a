// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Random;

/** Makes well-typed queries on the native histograms of {@link RandomData}, and on floats beside them. */
final class RandomHistogramQuery {
    private static final String[] HISTOGRAMS = {
        "duration",
        "duration{job=\"api\"}",
        "duration{instance=~\"i[01]\"}",
        "size",
        "size{job=\"web\"}",
        "level",
        "level{instance!=\"i0\"}",
        "mixed",
        "mixed{instance=\"i0\"}",
        "{__name__=~\"duration|size\", instance=\"i0\"}",
    };
    private static final String[] RANGE_FUNCTIONS = {
        "rate",
        "rate",
        "rate",
        "increase",
        "increase",
        "delta",
        "irate",
        "idelta",
        "sum_over_time",
        "avg_over_time",
        "sum_over_time",
        "avg_over_time",
        "last_over_time",
        "first_over_time",
        "count_over_time",
        "present_over_time",
        "resets",
        "changes",
        "min_over_time",
        "max_over_time",
        "stddev_over_time",
        "deriv",
        "mad_over_time",
        "ts_of_last_over_time",
        "ts_of_min_over_time",
        "absent_over_time",
    };
    private static final String[] NUMBERS = {
        "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar"
    };
    private static final String[] AGGREGATIONS = {
        "sum", "sum", "avg", "avg", "count", "group", "min", "max", "stddev", "stdvar"
    };
    private static final String[] OPERATORS = {
        "+", "+", "-", "-", "*", "/", "%", "^", "==", "!=", ">", "<=", "== bool", "!= bool", ">bool", "</", ">/"
    };
    private static final String[] SCALARS = {
        "0", "1", "2", "-3", "0.3", "-0.25", "1.5", "NaN", "Inf", "-Inf", "1e9", "time()", "scalar(cpu)"
    };
    private static final String[] LABELS = {"job", "instance", "job, instance", "__name__"};
    private static final String[] RANGES = {"1m", "2m", "5m", "5m", "7m13s", "20m"};

    private final Random random;
    private final boolean fills;

    RandomHistogramQuery(Random random, boolean fills) {
        this.random = random;
        this.fills = fills;
    }

    String next() {
        return random.nextInt(3) == 0 ? numbers(3) : histograms(3);
    }

    /** An expression that gives histograms, mostly. */
    private String histograms(int depth) {
        if (depth == 0) {
            return one(HISTOGRAMS) + modifiers();
        }
        return switch (random.nextInt(16)) {
            case 0, 1 -> one(HISTOGRAMS) + modifiers();
            case 2, 3, 4, 5 -> overRange(depth);
            case 6, 7, 8 -> aggregation(depth);
            case 9 -> "-" + histograms(depth - 1);
            case 10, 11 -> withScalar(depth);
            case 12 -> withVector(depth);
            case 13 -> sets(depth);
            case 14 -> "label_replace(" + histograms(depth - 1) + ", \"instance\", \"$1\", \"job\", \"(.).*\")";
            default ->
                new String[] {"sort(", "sort_desc(", "absent(", "abs(", "timestamp(", "ceil("}[random.nextInt(6)]
                        + histograms(depth - 1) + ")";
        };
    }

    /** An expression that makes numbers of histograms. */
    private String numbers(int depth) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> one(NUMBERS) + "(" + histograms(depth - 1) + ")";
            case 4, 5, 6 ->
                "histogram_quantile(" + one("0", "0.1", "0.5", "0.9", "0.99", "1", "-1", "2", "NaN") + ", "
                        + histograms(depth - 1) + ")";
            case 7 -> "histogram_quantiles(" + histograms(depth - 1) + ", \"q\", 0.1, " + one("0.5", "1", "2") + ")";
            case 8, 9 ->
                "histogram_fraction(" + one(SCALARS) + ", " + one(SCALARS) + ", " + histograms(depth - 1) + ")";
            case 10 -> "(" + numbers(depth) + " " + one(OPERATORS) + " " + histograms(depth - 1) + ")";
            default -> "count_values(\"value\", " + one(HISTOGRAMS) + ")";
        };
    }

    private String overRange(int depth) {
        if (random.nextInt(4) == 0) {
            return one(RANGE_FUNCTIONS) + "(" + histograms(depth - 1) + "[" + one(RANGES) + ":"
                    + one("", "30s", "1m", "97s") + "])";
        }
        return one(RANGE_FUNCTIONS) + "(" + one(HISTOGRAMS) + "[" + one(RANGES) + "]" + modifiers() + ")";
    }

    private String aggregation(int depth) {
        String by = switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> " by (" + one(LABELS) + ") ";
            default -> " without (" + one("job", "instance") + ") ";
        };
        if (random.nextInt(8) == 0) {
            return one("topk", "bottomk", "quantile") + by + "(" + one("0", "1", "2", "0.5") + ", "
                    + histograms(depth - 1) + ")";
        }
        String inner = random.nextInt(8) == 0 ? "{__name__=~\"cpu|duration|mixed\"}" : histograms(depth - 1);
        return one(AGGREGATIONS) + by + "(" + inner + ")";
    }

    private String withScalar(int depth) {
        String scalar = one(SCALARS);
        return random.nextInt(3) == 0
                ? "(" + scalar + " " + one(OPERATORS) + " " + histograms(depth - 1) + ")"
                : "(" + histograms(depth - 1) + " " + one("*", "/", "</", ">/", one(OPERATORS)) + " " + scalar + ")";
    }

    private String withVector(int depth) {
        String fill = fills && random.nextBoolean() ? one("fill(0) ", "fill_left(2) ", "fill_right(1) ") : "";
        return switch (random.nextInt(5)) {
            case 0 ->
                "(duration " + one(OPERATORS) + " ignoring (instance) group_left () " + fill
                        + "sum without (instance) (" + one("duration", "size", "cpu") + "))";
            case 1 ->
                "(" + one("cpu", "temperature") + " " + one(OPERATORS) + " on (job, instance) " + fill
                        + one("duration", "level", "size") + ")";
            case 2 ->
                "(" + one("duration", "level", "size", "mixed") + " " + one("*", "/", "</", ">/")
                        + " on (job, instance) " + fill + one("cpu", "temperature") + ")";
            case 3 ->
                "(" + one("duration", "size") + " " + one(OPERATORS) + " ignoring (__name__) " + fill
                        + one("duration", "size", "level", "mixed") + " offset " + one("0s", "1m", "10m") + ")";
            default ->
                "(" + histograms(depth - 1) + " " + one(OPERATORS) + " on (job, instance) " + fill
                        + histograms(depth - 1) + ")";
        };
    }

    private String sets(int depth) {
        return "(" + histograms(depth - 1) + " " + one("and", "or", "unless") + " on (job, instance) "
                + one("cpu", "mixed", "level", "(" + histograms(depth - 1) + ")") + ")";
    }

    private String modifiers() {
        return switch (random.nextInt(14)) {
            case 0 -> " offset " + one(RANGES);
            case 1 -> " offset -" + one(RANGES);
            case 2 -> " @ " + (RandomData.START_MS / 1000 + random.nextInt(7200));
            default -> "";
        };
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
