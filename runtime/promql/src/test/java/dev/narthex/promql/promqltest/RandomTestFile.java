// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import java.util.Random;
import java.util.StringJoiner;

/** Makes test files without expectations: series in all notations, and evaluations of them. */
final class RandomTestFile {
    private static final String[] NUMBERS = {
        "0", "1", "2.5", "-3", "1e3", "-1.5e-3", "0x10", "1_000", ".5", "7.", "Inf", "-Inf", "+Inf", "NaN", "+4", "1e-7"
    };
    private static final String[] STEPS = {"0", "1", "2.5", "10", "0.1", "1e2"};
    private static final String[] FLOATS = {"m", "m{a=\"1\"}", "m{a!=\"1\"}", "n_total", "n_total{b=~\"x|y\"}"};
    private static final String[] HISTOGRAMS = {"h", "h{a=\"1\"}", "h{a=~\"1|2\"}"};
    private static final String[] RANGES = {"30s", "1m", "2m30s", "5m", "10m"};
    private static final String[] MODIFIERS = {"", "", "", "", " offset 1m", " @ 100", " @ end()", " offset -30s"};

    private final Random random;

    RandomTestFile(Random random) {
        this.random = random;
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String next(int evaluations) {
        StringBuilder text = new StringBuilder("# Random.\nload " + one("1m", "30s", "1m30s", "45s500ms") + "\n");
        for (String series :
                new String[] {"m{a=\"1\"}", "m{a=\"2\", b=\"x\"}", "m", "n_total{b=\"x\"}", "n_total{b=\"y\"}"}) {
            text.append(one("  ", "\t", "    ")).append(series).append(one(" ", "  ", "\t"));
            text.append(values(false)).append('\n');
        }
        text.append(one("", "  # a comment\n"));
        for (String series : new String[] {"h{a=\"1\"}", "h{a=\"2\"}", "h{a=\"3\"}"}) {
            text.append("  ").append(series).append(' ').append(values(true)).append('\n');
        }
        for (int i = 0; i < evaluations; i++) {
            text.append('\n').append(evaluation()).append('\n');
        }
        return text.toString();
    }

    private String values(boolean histograms) {
        StringJoiner values = new StringJoiner(" ");
        int count = 3 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            values.add(
                    switch (random.nextInt(9)) {
                        case 0 -> "_";
                        case 1 -> "_x" + (1 + random.nextInt(3));
                        case 2 -> "stale";
                        default -> histograms ? histograms() : numbers();
                    });
        }
        return values.toString();
    }

    private String numbers() {
        String first = one(NUMBERS);
        // The others cannot be repeated: 0x10 is 0 repeated already.
        boolean number = !first.matches("(?i).*(inf|nan|x10|\\.)");
        return switch (number ? random.nextInt(3) : 0) {
            case 0 -> first;
            case 1 -> first + "x" + (1 + random.nextInt(4));
            default -> first + one("+", "-") + one(STEPS) + "x" + (1 + random.nextInt(4));
        };
    }

    private String histograms() {
        int more = 1 + random.nextInt(3);
        int schema = random.nextInt(2);
        return switch (random.nextInt(3)) {
            case 0 -> histogram(schema);
            case 1 -> histogram(schema) + "x" + more;
            default -> histogram(schema) + "+" + histogram(schema) + "x" + more;
        };
    }

    /** With at least one observation in each of two buckets, from which the schema can be told. */
    private String histogram(int schema) {
        int first = 1 + random.nextInt(5);
        int second = 1 + random.nextInt(5);
        int zero = random.nextInt(3);
        int below = random.nextInt(3);
        StringJoiner items = new StringJoiner(" ", "{{", "}}");
        items.add("schema:" + schema);
        items.add("sum:" + one("5", "-2.5", "1e2", "12"));
        items.add("count:" + (first + second + zero + below));
        if (zero > 0) {
            items.add("z_bucket:" + zero).add("z_bucket_w:" + one("0.001", "0.25"));
        }
        items.add("offset:" + one("1", "0", "2", "3")).add("buckets:[" + first + one(" ", " 0 ") + second + "]");
        if (below > 0) {
            items.add("n_offset:" + one("0", "2")).add("n_buckets:[" + below + "]");
        }
        if (random.nextInt(6) == 0) {
            items.add("counter_reset_hint:" + one("gauge", "unknown", "reset", "not_reset"));
        }
        return items.toString();
    }

    private String evaluation() {
        return random.nextBoolean()
                ? "eval instant at " + one("0", "1m", "2m15s", "5m", "7m") + " " + query()
                : "eval range from " + one("0", "1m", "30s") + " to " + one("3m", "8m", "5m10s") + " step "
                        + one("1m", "40s", "2m") + " " + query();
    }

    private String query() {
        String m = one(FLOATS) + one(MODIFIERS);
        String h = one(HISTOGRAMS) + one(MODIFIERS);
        String range = "[" + one(RANGES) + "]";
        String counted = one("rate", "increase", "delta", "sum_over_time", "last_over_time", "avg_over_time");
        return switch (random.nextInt(16)) {
            case 0 -> m;
            case 1 -> counted + "(" + one(FLOATS) + range + one(MODIFIERS) + ")";
            case 2 -> one("sum", "max", "count", "avg", "group") + one("", " by (a)", " without (b)") + " (" + m + ")";
            case 3 -> m + one(" + ", " - ", " * ", " / ", " > bool ") + one("1", "2.5", "-1");
            case 4 -> m + one(" > ", " < ", " == ", " != ") + one("1", "NaN", "2.5");
            case 5 -> one("sort", "sort_desc") + "(m * 1)";
            case 6 -> h;
            case 7 -> counted + "(" + one(HISTOGRAMS) + range + one(MODIFIERS) + ")";
            case 8 -> "histogram_quantile(" + one("0.1", "0.5", "2", "NaN") + ", " + h + ")";
            case 9 -> one("histogram_count", "histogram_sum", "histogram_avg") + "(" + h + ")";
            case 10 -> one("sum", "avg", "count", "max") + " (" + h + ")";
            case 11 -> h + one(" * ", " / ", " + ", " > ") + "2";
            case 12 -> "m + on(" + one("a", "a, b", "") + ") " + one("m", "n_total", "h", "rate(m[2m])");
            case 13 -> one("absent(", "timestamp(", "-", "abs(", "label_replace(", "(") + one(m, h) + one(")", "");
            case 14 -> one("time()", "1 + 1", "-2 ^ 2", "\"text\"", "scalar(" + m + ")", "vector(3)", "m[2m]");
            default -> one("m", "h") + one(" or ", " and ", " unless ") + one("n_total", "h", "m offset 1m");
        };
    }
}
