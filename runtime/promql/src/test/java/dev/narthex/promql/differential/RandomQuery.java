// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Random;

/** Makes well-typed queries on {@link RandomData}. */
final class RandomQuery {
    private static final String[] SELECTORS = {
        "requests_total",
        "requests_total{job=\"api\"}",
        "requests_total{path=~\"/.+\"}",
        "errors_total",
        "errors_total{instance!=\"i1\"}",
        "cpu",
        "temperature",
        "temperature{job=~\"api|db\"}",
        "memory",
        "limit",
        "queue",
        "queue{shard=\"s1\"}",
        "queue{queue=~\"q1.?\"}",
        "alone",
        "build",
        "build{version!~\"v[12]\"}",
        "latency_bucket",
        "latency_bucket{le=\"1\"}",
        "{job=\"api\", __name__=~\"cpu|temperature\"}",
        "missing",
    };
    private static final String[] COUNTERS = {
        "requests_total", "requests_total{path=\"/cart\"}", "errors_total", "cpu", "latency_bucket", "temperature"
    };
    private static final String[] LABELS = {"job", "instance", "path", "le", "shard", "version", "queue", "nothing"};
    private static final String[] RANGE_FUNCTIONS = {
        "avg_over_time",
        "min_over_time",
        "max_over_time",
        "sum_over_time",
        "count_over_time",
        "last_over_time",
        "present_over_time",
        "stddev_over_time",
        "stdvar_over_time",
        "rate",
        "increase",
        "delta",
        "irate",
        "idelta",
        "deriv",
        "resets",
        "changes",
        "absent_over_time",
        "mad_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time",
        "ts_of_last_over_time",
        "first_over_time",
        "ts_of_first_over_time",
    };
    private static final String[] VECTOR_FUNCTIONS = {
        "abs",
        "ceil",
        "floor",
        "exp",
        "ln",
        "log2",
        "log10",
        "sqrt",
        "sgn",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
        "deg",
        "rad",
        "round",
        "timestamp",
        "absent",
        "sort",
        "sort_desc",
        "hour",
        "minute",
        "day_of_week",
        "day_of_month",
        "day_of_year",
        "days_in_month",
        "month",
        "year"
    };
    private static final String[] ARITHMETIC = {"+", "-", "*", "/", "%", "^", "atan2"};
    private static final String[] COMPARISONS = {"==", "!=", "<", "<=", ">", ">="};
    private static final String[] AGGREGATIONS = {"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"};
    private static final String[] RANGES = {"30s", "1m", "2m", "5m", "5m", "7m13s", "20m"};

    private final Random random;
    private final boolean fills;
    private final boolean extended;

    /**
     * Makes queries.
     *
     * @param fills whether to fill in missing series now and then
     * @param extended whether to use extended ranges, {@code info} and {@code limit_ratio} now and then
     */
    RandomQuery(Random random, boolean fills, boolean extended) {
        this.extended = extended;
        this.random = random;
        this.fills = fills;
    }

    String next() {
        return random.nextInt(25) == 0 ? scalar(3) : vector(3);
    }

    private String vector(int depth) {
        if (extended && random.nextInt(4) == 0) {
            return extended(depth);
        }
        if (depth == 0) {
            return selector();
        }
        return switch (random.nextInt(20)) {
            case 0, 1 -> selector();
            case 2, 3, 4, 5 -> overRange(depth);
            case 6, 7 -> one(VECTOR_FUNCTIONS) + "(" + vector(depth - 1) + ")";
            case 8, 9, 10 -> aggregation(depth);
            case 11 -> parameterized(depth);
            case 12, 13 -> vectorAndScalar(depth);
            case 14, 15, 16 -> twoVectors(depth);
            case 17 -> sets(depth);
            case 18 -> labels(depth);
            default -> other(depth);
        };
    }

    private String extended(int depth) {
        String range = one(COUNTERS) + "[" + one(RANGES) + "]";
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                one(new String[] {"rate", "increase", "delta", "changes", "resets"}) + "(" + range + " anchored"
                        + modifiers() + ")";
            case 2, 3 ->
                one(new String[] {"rate", "increase", "delta"}) + "(" + range + " smoothed" + modifiers() + ")";
            case 4 -> one(SELECTORS) + " smoothed" + modifiers();
            default ->
                depth == 0
                        ? "limit_ratio(" + one(new String[] {"0.3", "0.7", "-0.4"}) + ", " + selector() + ")"
                        : "info(" + vector(depth - 1) + ", {__name__=\"build\""
                                + one(new String[] {"", ", version=~\".+\"", ", version=\"v1\"", ", version!=\"v2\""})
                                + "})";
        };
    }

    private String selector() {
        return one(SELECTORS) + modifiers();
    }

    private String modifiers() {
        return switch (random.nextInt(14)) {
            case 0 -> " offset " + one(RANGES);
            case 1 -> " offset -" + one(RANGES);
            case 2 -> " @ " + (RandomData.START_MS / 1000 + random.nextInt(7200));
            case 3 -> " @ " + (random.nextBoolean() ? "start()" : "end()");
            case 4 -> " @ end() offset " + one(RANGES);
            default -> "";
        };
    }

    private String range(int depth) {
        if (random.nextInt(6) == 0) {
            String resolution =
                    random.nextInt(3) == 0 ? "" : new String[] {"15s", "30s", "1m", "47s"}[random.nextInt(4)];
            return "(" + vector(Math.min(1, depth - 1)) + ")[" + one(RANGES) + ":" + resolution + "]" + modifiers();
        }
        String selector = random.nextBoolean() ? one(COUNTERS) : one(SELECTORS);
        return selector + "[" + one(RANGES) + "]" + modifiers();
    }

    private String overRange(int depth) {
        return switch (random.nextInt(14)) {
            case 0 -> "quantile_over_time(" + quantile() + ", " + range(depth) + ")";
            case 1 -> "predict_linear(" + range(depth) + ", " + random.nextInt(4000) + ")";
            case 2 -> "double_exponential_smoothing(" + range(depth) + ", 0.3, 0.6)";
            case 3, 4, 5, 6 -> "rate(" + range(depth) + ")";
            default -> one(RANGE_FUNCTIONS) + "(" + range(depth) + ")";
        };
    }

    private String quantile() {
        return new String[] {"0", "0.5", "0.9", "0.99", "1", "-0.5", "1.5", "NaN"}[random.nextInt(8)];
    }

    private String grouping() {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> " without (" + labelList() + ")";
            default -> " by (" + labelList() + ")";
        };
    }

    private String labelList() {
        StringBuilder list = new StringBuilder(one(LABELS));
        while (random.nextInt(3) == 0) {
            list.append(", ").append(one(LABELS));
        }
        return list.toString();
    }

    private String aggregation(int depth) {
        return one(AGGREGATIONS) + grouping() + " (" + vector(depth - 1) + ")";
    }

    private String parameterized(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> "quantile" + grouping() + " (" + quantile() + ", " + vector(depth - 1) + ")";
            case 1 -> "count_values" + grouping() + " (\"value\", " + exact(depth) + ")";
            default ->
                (random.nextBoolean() ? "topk" : "bottomk") + grouping() + " (" + (random.nextInt(5) - 1) + ", "
                        + vector(depth - 1) + ")";
        };
    }

    /** A vector whose values are the same to the last bit, whatever computes a logarithm. */
    private String exact(int depth) {
        return random.nextBoolean() ? selector() : "count" + grouping() + " (" + vector(depth - 1) + ")";
    }

    private String vectorAndScalar(int depth) {
        String op = operator();
        return random.nextBoolean()
                ? "(" + vector(depth - 1) + " " + op + " " + scalar(depth - 1) + ")"
                : "(" + scalar(depth - 1) + " " + op + " " + vector(depth - 1) + ")";
    }

    private String operator() {
        return random.nextBoolean() ? one(ARITHMETIC) : one(COMPARISONS) + (random.nextInt(3) == 0 ? " bool" : "");
    }

    private String twoVectors(int depth) {
        if (fills && random.nextBoolean()) {
            return filled();
        }
        return switch (random.nextInt(6)) {
            case 0 -> "(" + vector(depth - 1) + " " + operator() + " " + vector(depth - 1) + ")";
            case 1 ->
                "(requests_total " + operator() + " on (job, instance) group_left (version) build" + modifiers() + ")";
            case 2 -> "(build " + operator() + " on (job, instance) group_right () cpu" + modifiers() + ")";
            case 3 -> "(errors_total " + operator() + " requests_total)";
            case 4 ->
                "(" + aggregation(depth) + " " + operator() + " on (" + labelList() + ") "
                        + new String[] {"", "group_left ", "group_right ", "group_left (version) "}[random.nextInt(4)]
                        + aggregation(depth) + ")";
            default ->
                "(" + vector(depth - 1) + " " + operator() + " ignoring (" + labelList() + ") "
                        + new String[] {"", "group_left () ", "group_right () "}[random.nextInt(3)]
                        + vector(depth - 1) + ")";
        };
    }

    private String filled() {
        String matching = new String[] {
                    "",
                    "on (job, instance) ",
                    "ignoring (path) ",
                    "on () ",
                    "on (job, instance) group_left ",
                    "on (job, instance) group_right ",
                    "on (job, instance) group_left (version) ",
                    "on (job, instance) group_right (path) ",
                }
                [random.nextInt(8)];
        String fill = new String[] {
                    "fill (0) ", "fill_left (1) ", "fill_right (2) ", "fill_left (3) fill_right (4) ", "fill (NaN) "
                }
                [random.nextInt(5)];
        return "(" + selector() + " " + operator() + " " + matching + fill + selector() + ")";
    }

    private String sets(int depth) {
        String op = new String[] {"and", "or", "unless"}[random.nextInt(3)];
        String matching = switch (random.nextInt(3)) {
            case 0 -> " on (" + labelList() + ")";
            case 1 -> " ignoring (" + labelList() + ")";
            default -> "";
        };
        return "(" + vector(depth - 1) + " " + op + matching + " " + vector(depth - 1) + ")";
    }

    private String labels(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> "label_join(" + vector(depth - 1) + ", \"" + one(LABELS) + "\", \"-\", \"job\", \"instance\")";
            case 1 -> "label_replace(" + vector(depth - 1) + ", \"path\", \"$1\", \"instance\", \"i(.*)\")";
            default ->
                "label_replace(" + vector(depth - 1) + ", \"new\", \"x$1-${1}\", \"" + one(LABELS) + "\", \"(.?).*\")";
        };
    }

    private String other(int depth) {
        return switch (random.nextInt(13)) {
            case 0 -> "histogram_quantile(" + quantile() + ", rate(latency_bucket[5m]))";
            case 1 -> "histogram_quantile(" + quantile() + ", sum by (le, job) (rate(latency_bucket[10m])))";
            case 2 -> "histogram_quantile(0.9, " + vector(depth - 1) + ")";
            case 3 -> "vector(" + scalar(depth - 1) + ")";
            case 4 -> "clamp(" + vector(depth - 1) + ", " + scalar(depth - 1) + ", " + scalar(depth - 1) + ")";
            case 5 -> (random.nextBoolean() ? "clamp_min(" : "clamp_max(") + vector(depth - 1) + ", " + scalar(0) + ")";
            case 6 ->
                "round(" + vector(depth - 1) + ", " + new String[] {"0.1", "5", "0.3", "0"}[random.nextInt(4)] + ")";
            case 7 -> new String[] {"sin(", "cos(", "tan("}[random.nextInt(3)] + selector() + ")";
            case 8 ->
                "histogram_fraction(" + scalar(0) + ", " + scalar(0) + ", sum by (le, job) (rate(latency_bucket[5m])))";
            case 9 ->
                (random.nextBoolean() ? "sort_by_label(" : "sort_by_label_desc(") + vector(depth - 1) + ", \""
                        + one(LABELS) + "\")";
            case 10 -> "count(limitk" + grouping() + " (" + random.nextInt(4) + ", " + vector(depth - 1) + "))";
            case 11 -> "label_replace(" + vector(depth - 1) + ", \"__name__\", \"named_$1\", \"__name__\", \"(.*)\")";
            default -> "-" + vector(depth - 1);
        };
    }

    private String scalar(int depth) {
        if (depth <= 0) {
            return new String[] {"0", "1", "2.5", "-3", "100", "1e9", "NaN", "Inf"}[random.nextInt(8)];
        }
        return switch (random.nextInt(7)) {
            case 6 -> new String[] {"pi()", "-1", "0x1F", "5m"}[random.nextInt(4)];
            case 0 -> "time()";
            case 1 -> "scalar(" + vector(depth - 1) + ")";
            case 2 -> "(" + scalar(depth - 1) + " " + one(ARITHMETIC) + " " + scalar(depth - 1) + ")";
            case 3 -> "(" + scalar(depth - 1) + " " + one(COMPARISONS) + " bool " + scalar(depth - 1) + ")";
            default -> scalar(0);
        };
    }

    private String one(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
