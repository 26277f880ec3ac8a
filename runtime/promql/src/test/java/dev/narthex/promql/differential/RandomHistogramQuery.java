// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.differential.Shaped.Content;
import java.util.Random;

/** Makes well-typed queries on the native histograms of {@link RandomData}, and on floats beside them. */
final class RandomHistogramQuery {
    /** Functions over ranges that give histograms. */
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
    };
    /** Functions over ranges that give numbers of histograms. */
    private static final String[] COUNTING_FUNCTIONS = {
        "count_over_time",
        "present_over_time",
        "resets",
        "resets",
        "changes",
        "changes",
        "ts_of_last_over_time",
        "ts_of_first_over_time",
    };
    /** Functions that look at nothing but floats. */
    private static final String[] FLOAT_RANGE_FUNCTIONS = {
        "min_over_time",
        "max_over_time",
        "stddev_over_time",
        "deriv",
        "mad_over_time",
        "ts_of_min_over_time",
        "ts_of_max_over_time",
        "absent_over_time",
    };

    private static final String[] NUMBERS = {
        "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar"
    };
    private static final String[] OPERATORS = {
        "+", "+", "-", "-", "*", "/", "%", "^", "==", "!=", ">", "<=", "== bool", "!= bool", ">bool", "</", ">/"
    };
    private static final String[] SCALARS = {
        "0", "1", "2", "-3", "0.3", "-0.25", "1.5", "NaN", "Inf", "-Inf", "1e9", "time()", "scalar(cpu)"
    };

    private final Chance chance;
    private final RandomSelector selectors;
    private final RandomJoin joins;
    private final RandomQuery floats;
    private final boolean extended;

    /**
     * Makes queries.
     *
     * @param fills whether to fill in missing series now and then
     * @param extended whether to use extended ranges now and then
     */
    RandomHistogramQuery(Random random, boolean fills, boolean extended) {
        this.chance = new Chance(random);
        this.selectors = new RandomSelector(chance);
        this.joins = new RandomJoin(chance, fills);
        this.floats = new RandomQuery(random, fills, false);
        this.extended = extended;
    }

    String next() {
        if (chance.onceIn(100)) {
            // The samples themselves, which only an instant query can show.
            return range(1).text();
        }
        return floats.written((chance.onceIn(3) ? numbers(3) : histograms(3)).text());
    }

    /** An expression that gives histograms. */
    private Shaped histograms(int depth) {
        if (extended && chance.onceIn(4)) {
            return extended();
        }
        if (depth <= 0) {
            return selectors.histograms();
        }
        if (chance.onceIn(120)) {
            return odd(depth);
        }
        return switch (chance.below(17)) {
            case 0, 1 -> selectors.histograms();
            case 2, 3, 4, 5 -> range(depth).within(chance.one(RANGE_FUNCTIONS) + "(", ")");
            case 6, 7, 8 -> aggregation(depth);
            case 9 -> histograms(depth - 1).within("-", "");
            case 10, 11 -> withScalar(depth);
            case 12, 13 -> withVector(depth);
            case 14 -> joins.set(histograms(depth - 1), chance.onceIn(3) ? plainFloats() : histograms(depth - 1));
            case 15 -> relabelled(histograms(depth - 1));
            default -> {
                // Within something else, it makes the order of series random in a range query.
                Shaped inner = histograms(depth - 1);
                yield depth < 3
                        ? inner
                        : inner.within(chance.one("sort_by_label(", "sort_by_label_desc("), ", \"job\")");
            }
        };
    }

    private Shaped extended() {
        return switch (chance.below(5)) {
            case 0, 1 ->
                selectors.histogramRange(" anchored").within(chance.one("rate", "increase", "delta") + "(", ")");
            case 2, 3 ->
                selectors.histogramRange(" smoothed").within(chance.one("rate", "increase", "delta") + "(", ")");
            default -> selectors.histogramRange(" anchored").within(chance.one("changes", "resets") + "(", ")");
        };
    }

    /** Floats with the labels of the histograms. */
    private Shaped plainFloats() {
        return Shaped.floats(chance.one("cpu", "temperature", "memory"), "job", "instance")
                .within("", selectors.modifiers());
    }

    /** What gives nothing in many cases but something to say. */
    private Shaped odd(int depth) {
        Shaped inner = histograms(depth - 1);
        return switch (chance.below(11)) {
            case 8 -> selectors.histograms().within("limitk(" + (1 + chance.below(3)) + ", ", ")");
            case 9 -> selectors.histograms().within("limit_ratio(" + chance.one("0.5", "-0.5", "0.9") + ", ", ")");
            case 10 ->
                inner.within(chance.one("absent(", "hour(", "info(", "deg(", "sgn("), ")")
                        .indistinct();
            case 0 -> inner.within(chance.one("sort(", "sort_desc(", "abs(", "ceil(", "exp(", "round("), ")");
            case 1 ->
                range(depth)
                        .within(chance.one(FLOAT_RANGE_FUNCTIONS) + "(", ")")
                        .indistinct();
            case 2 -> floats.aggregated(chance.one("topk", "bottomk", "quantile"), "0.5, ", inner);
            case 3 -> floats.aggregated(chance.one("min", "max", "stddev", "stdvar"), "", inner);
            case 4 -> inner.within("(", " " + chance.one(OPERATORS) + " " + chance.one(SCALARS) + ")");
            case 5 -> inner.within("(" + chance.one(SCALARS) + " " + chance.one(OPERATORS) + " ", ")");
            case 6 -> joins.join(inner, chance.one(OPERATORS), histograms(depth - 1), Content.MIXED);
            default -> joins.join(plainFloats(), chance.one(OPERATORS), inner, Content.MIXED);
        };
    }

    /** An expression that makes numbers of histograms. */
    private Shaped numbers(int depth) {
        Shaped inner = histograms(depth - 1);
        return switch (chance.below(16)) {
            case 0, 1, 2, 3 -> number(inner.within(chance.one(NUMBERS) + "(", ")"));
            case 4, 5, 6 ->
                number(inner.within(
                        "histogram_quantile(" + chance.one("0", "0.1", "0.5", "0.9", "0.99", "1", "-1", "2", "NaN")
                                + ", ",
                        ")"));
            case 7 ->
                number(inner.within("histogram_quantiles(", ", \"q\", 0.1, " + chance.one("0.5", "1", "2") + ")"))
                        .withLabel("q");
            case 8, 9 ->
                number(inner.within(
                        "histogram_fraction(" + chance.one(SCALARS) + ", " + chance.one(SCALARS) + ", ", ")"));
            case 10, 11 -> number(range(depth).within(chance.one(COUNTING_FUNCTIONS) + "(", ")"));
            case 12 -> number(floats.aggregated(chance.one("count", "group"), "", inner));
            case 13 ->
                number(
                        depth <= 1
                                ? inner.within(chance.one("timestamp(", "histogram_count("), ")")
                                : joins.join(
                                        numbers(depth - 1),
                                        chance.one("+", "-", "*", "/", "!=", "> bool"),
                                        numbers(depth - 1),
                                        Content.FLOATS));
            case 14 -> depth <= 1 ? number(inner.within("timestamp(", ")")) : floats.aggregation(numbers(depth - 1));
            default ->
                number(floats.aggregated("count_values", "\"value\", ", selectors.histograms()))
                        .withLabel("value");
        };
    }

    private static Shaped number(Shaped shaped) {
        return shaped.of(Content.FLOATS);
    }

    private Shaped range(int depth) {
        if (chance.onceIn(4)) {
            return exact(depth - 1)
                    .within(
                            "(",
                            ")[" + selectors.histogramLength() + ":"
                                    + (chance.onceIn(8) ? "97s" : chance.one("", "30s", "1m")) + "]");
        }
        return selectors.histogramRange();
    }

    private Shaped aggregation(int depth) {
        Shaped inner = chance.onceIn(80)
                ? Shaped.of("{__name__=~\"cpu|duration|mixed\"}", Content.MIXED, "job", "instance")
                        .indistinct()
                : uniform(depth - 1);
        if (chance.onceIn(12)) {
            String text = chance.one("sum", "avg") + " by (__name__) (" + inner.text() + ")";
            return inner.as(text).withLabels(new java.util.TreeSet<>()).indistinct();
        }
        return floats.aggregated(chance.one("sum", "avg"), "", inner);
    }

    /** Histograms of one kind, mostly: of others there is no sum. */
    private Shaped uniform(int depth) {
        Shaped shaped = histograms(depth);
        for (int i = 0; i < 4 && shaped.content() == Content.MIXED; i++) {
            shaped = histograms(depth);
        }
        return shaped.content() == Content.MIXED && !chance.onceIn(4)
                ? selectors.histograms(Content.EXPONENTIAL)
                : shaped;
    }

    /** Histograms that are the same to the last bit, whatever computes a logarithm. */
    private Shaped exact(int depth) {
        Shaped shaped = histograms(depth);
        while (!shaped.isExact()) {
            shaped = histograms(depth);
        }
        return shaped;
    }

    private Shaped withScalar(int depth) {
        Shaped inner = histograms(depth - 1);
        return chance.onceIn(4)
                ? inner.within("(" + chance.one(SCALARS) + " * ", ")")
                : inner.within("(", " " + chance.one("*", "/", "</", ">/") + " " + chance.one(SCALARS) + ")");
    }

    private Shaped withVector(int depth) {
        Shaped left = uniform(depth - 1);
        return switch (chance.below(6)) {
            case 0 -> joins.join(left, chance.one("*", "/", "</", ">/"), plainFloats(), left.content());
            case 1 -> joins.join(plainFloats(), "*", left, left.content());
            case 2 ->
                joins.join(left, chance.one("*", "/"), depth <= 1 ? plainFloats() : numbers(depth - 1), left.content());
            default -> {
                Shaped right = chance.onceIn(4) ? uniform(depth - 1) : selectors.histograms(left.content());
                if (right.content() != left.content() && !chance.onceIn(6)) {
                    right = selectors.histograms(left.content());
                }
                yield joins.join(
                        left,
                        chance.one("+", "+", "-", "-", "!="),
                        right,
                        left.content().with(right.content()));
            }
        };
    }

    private Shaped relabelled(Shaped inner) {
        return switch (chance.below(3)) {
            case 0 ->
                inner.within("label_replace(", ", \"instance\", \"$1\", \"job\", \"(.).*\")")
                        .indistinct();
            case 1 ->
                inner.within("label_replace(", ", \"new\", \"x$1\", \"job\", \"(.).*\")")
                        .withLabel("new");
            default ->
                inner.within("label_join(", ", \"new\", \"-\", \"job\", \"instance\")")
                        .withLabel("new");
        };
    }
}
