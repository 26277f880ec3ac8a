// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.differential.Shaped.Content;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes well-typed queries on the floats of {@link RandomData}. */
final class RandomQuery {
    private static final List<String> LABELS =
            List.of("job", "instance", "path", "le", "shard", "version", "queue", "nothing");
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
        "mad_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time",
        "ts_of_last_over_time",
        "first_over_time",
        "ts_of_first_over_time",
    };
    private static final String[] VECTOR_FUNCTIONS = {
        "abs",
        "exp",
        "ln",
        "log2",
        "log10",
        "sqrt",
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
        "timestamp",
        "sort",
        "sort_desc"
    };

    /** Functions that make much of a last bit. */
    private static final String[] ROUNDING_FUNCTIONS = {
        "ceil",
        "floor",
        "round",
        "sgn",
        "hour",
        "minute",
        "day_of_week",
        "day_of_month",
        "day_of_year",
        "days_in_month",
        "month",
        "year"
    };

    private static final String[] ARITHMETIC = {"+", "-", "*", "/", "^", "atan2"};

    /** Operators that may be applied to inexact numbers and give exact ones of exact ones. */
    private static final String[] EXACT_ARITHMETIC = {"+", "-", "*", "/"};

    private static final String[] COMPARISONS = {"==", "!=", "<", "<=", ">", ">="};

    /** Comparisons that most numbers of the data pass. */
    private static final String[] PASSING = {"> 0", ">= 0", "!= 3", "< 100", "<= 1e9", "> -1", "<Inf", ">= bool NaN"};

    private static final String[] AGGREGATIONS = {"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"};

    private final Chance chance;
    private final RandomSelector selectors;
    private final RandomJoin joins;
    private final boolean extended;

    /**
     * Makes queries.
     *
     * @param fills whether to fill in missing series now and then
     * @param extended whether to use extended ranges, {@code info} and {@code limit_ratio} now and then
     */
    RandomQuery(Random random, boolean fills, boolean extended) {
        this.chance = new Chance(random);
        this.selectors = new RandomSelector(chance);
        this.joins = new RandomJoin(chance, fills);
        this.extended = extended;
    }

    String next() {
        if (chance.onceIn(80)) {
            // The samples themselves, which only an instant query can show.
            return range(1).text();
        }
        return written(chance.onceIn(25) ? scalar(3) : vector(3).text());
    }

    /** The same over several lines, and with comments, now and then: what is said of it tells where. */
    String written(String query) {
        if (!chance.onceIn(12)) {
            return query;
        }
        return "# of " + query.length() + " characters: \"\n"
                + query.replace(", ", chance.one(",\n  ", " ,\t", ", # more to come\n"))
                + chance.one("", "\n", " # end");
    }

    Shaped vector(int depth) {
        if (extended && chance.onceIn(4)) {
            return extended(depth);
        }
        if (depth <= 0) {
            return selectors.floats();
        }
        return switch (chance.below(20)) {
            case 0, 1 -> selectors.floats();
            case 2, 3, 4, 5 -> overRange(depth);
            case 6 -> vector(depth - 1).within(chance.one(VECTOR_FUNCTIONS) + "(", ")");
            case 7 -> exact(depth - 1).within(chance.one(ROUNDING_FUNCTIONS) + "(", ")");
            case 8, 9, 10 -> aggregation(vector(depth - 1));
            case 11 -> parameterized(depth);
            case 12, 13 -> withScalar(depth);
            case 14, 15, 16 -> twoVectors(depth);
            case 17 -> joins.set(vector(depth - 1), vector(depth - 1));
            case 18 -> relabelled(vector(depth - 1));
            default -> other(depth);
        };
    }

    private Shaped extended(int depth) {
        return switch (chance.below(6)) {
            case 0, 1 ->
                selectors
                        .counterRange(" anchored")
                        .within(chance.one("rate", "increase", "delta", "changes", "resets") + "(", ")");
            case 2, 3 -> selectors.counterRange(" smoothed").within(chance.one("rate", "increase", "delta") + "(", ")");
            case 4 -> selectors.smoothed();
            default -> depth <= 0 ? limitRatio() : info(depth);
        };
    }

    private Shaped limitRatio() {
        return selectors.floats().within("limit_ratio(" + chance.one("0.3", "0.7", "-0.4") + ", ", ")");
    }

    private Shaped info(int depth) {
        Shaped inner = vector(depth - 1);
        for (int i = 0; i < 3 && !inner.labels().contains("instance"); i++) {
            inner = vector(depth - 1);
        }
        if (chance.onceIn(4)) {
            return inner.within("info(", chance.one(")", ", {zone=~\".+\"})", ", {zone=\"z1\"})"))
                    .indistinct();
        }
        String condition = chance.one("", ", version=~\".+\"", ", version=\"v1\"", ", version!=\"v2\"");
        return inner.within("info(", ", {__name__=\"build\"" + condition + "})").indistinct();
    }

    private Shaped range(int depth) {
        if (chance.onceIn(6)) {
            String resolution =
                    chance.onceIn(3) ? "" : chance.one("15s", "30s", "1m", "47s", "max_of(step() / 2, 20s)");
            return exact(Math.min(1, depth - 1))
                    .within("(", ")[" + selectors.length() + ":" + resolution + "]" + selectors.modifiers());
        }
        return selectors.floatRange();
    }

    private Shaped overRange(int depth) {
        Shaped range = range(depth);
        return switch (chance.below(16)) {
            case 0 -> range.within("quantile_over_time(" + quantile() + ", ", ")");
            case 1 ->
                range.within("predict_linear(", ", " + (chance.onceIn(6) ? scalar(1) : chance.below(4000) - 500) + ")");
            case 2 ->
                range.within(
                        "double_exponential_smoothing(",
                        ", " + chance.one("0.3", "0.3", "0.99", "1e-3", "0.5")
                                + ", " + chance.one("0.6", "0.6", "0.01", "0.999", chance.one("0", "1", "1.5"))
                                + ")");
            case 3, 4, 5, 6 -> range.within("rate(", ")");
            case 7 -> chance.onceIn(6) ? single(range.within("absent_over_time(", ")")) : range.within("rate(", ")");
            default -> range.within(chance.one(RANGE_FUNCTIONS) + "(", ")");
        };
    }

    private static Shaped single(Shaped shaped) {
        return shaped.withLabels(new TreeSet<>()).indistinct();
    }

    private String quantile() {
        return chance.one("0", "0.5", "0.9", "0.99", "1", "-0.5", "1.5", "NaN", "1e-3", "0.999_9");
    }

    Shaped aggregation(Shaped inner) {
        return aggregated(chance.one(AGGREGATIONS), "", inner);
    }

    /** An aggregation over all series, or some of their labels, now and then over labels that they do not have. */
    Shaped aggregated(String aggregation, String parameter, Shaped inner) {
        SortedSet<String> chosen = chance.some(inner.labels());
        String foreign = chance.onceIn(6) ? chance.one(LABELS) : "";
        SortedSet<String> named = new TreeSet<>(chosen);
        if (!foreign.isEmpty()) {
            named.add(foreign);
        }
        String list = RandomJoin.list(named);
        String text = parameter + inner.text() + ")";
        SortedSet<String> left = new TreeSet<>(inner.labels());
        return switch (chance.below(5)) {
            case 0 -> new Shaped(aggregation + " (" + text, inner.content(), new TreeSet<>(), true);
            case 1 -> {
                left.removeAll(named);
                yield new Shaped(aggregation + " without (" + list + ") (" + text, inner.content(), left, true);
            }
            case 2 -> {
                left.retainAll(named);
                yield new Shaped(aggregation + "(" + text + " by (" + list + ")", inner.content(), left, true);
            }
            default -> {
                left.retainAll(named);
                yield new Shaped(aggregation + " by (" + list + ") (" + text, inner.content(), left, true);
            }
        };
    }

    private Shaped parameterized(int depth) {
        Shaped inner = exact(depth - 1);
        return switch (chance.below(4)) {
            case 0 -> aggregated("quantile", quantile() + ", ", inner);
            case 1 -> aggregated("count_values", "\"value\", ", counted(depth)).withLabel("value");
            default -> {
                String count = String.valueOf(chance.onceIn(8) ? chance.below(2) - 1 : 1 + chance.below(3));
                yield inner.as(aggregated(chance.one("topk", "bottomk"), count + ", ", inner)
                        .text());
            }
        };
    }

    /** A vector whose values are the same to the last bit, whatever computes a logarithm. */
    Shaped exact(int depth) {
        for (int i = 0; i < 10; i++) {
            Shaped shaped = vector(depth);
            if (shaped.isExact()) {
                return shaped;
            }
        }
        return selectors.floats();
    }

    private Shaped counted(int depth) {
        return chance.onceIn(2) ? selectors.floats() : aggregated("count", "", vector(depth - 1));
    }

    private Shaped withScalar(int depth) {
        if (chance.onceIn(3)) {
            return exact(depth - 1).within("(", " " + chance.one(PASSING) + ")");
        }
        boolean sensitive = chance.onceIn(3);
        Shaped inner = sensitive ? exact(depth - 1) : vector(depth - 1);
        String operator = sensitive
                ? chance.one("%", chance.one(COMPARISONS) + (chance.onceIn(3) ? "" : " bool"))
                : chance.one(ARITHMETIC);
        return chance.onceIn(2)
                ? inner.within("(", " " + operator + " " + scalar(depth - 1) + ")")
                : inner.within("(" + scalar(depth - 1) + " " + operator + " ", ")");
    }

    /** An operator that makes much of a last bit. */
    private String sensitiveOperator() {
        return chance.one("%", chance.one("!=", "<", "<=", ">", ">="), chance.one(COMPARISONS) + " bool");
    }

    private Shaped twoVectors(int depth) {
        boolean sensitive = chance.onceIn(3);
        String operator = sensitive ? sensitiveOperator() : chance.one(ARITHMETIC);
        return switch (chance.below(8)) {
            case 0 ->
                Shaped.floats(
                        "(requests_total " + operator + " on (job, instance) group_left (version) build"
                                + selectors.modifiers() + ")",
                        "job",
                        "instance",
                        "path",
                        "version");
            case 1 ->
                Shaped.floats(
                        "(build " + operator + " on (job, instance) group_right () cpu" + selectors.modifiers() + ")",
                        "job",
                        "instance");
            case 2 -> Shaped.floats("(errors_total " + operator + " requests_total)", "job", "instance", "path");
            default -> {
                Shaped left = sensitive ? exact(depth - 1) : vector(depth - 1);
                Shaped right = sensitive ? exact(depth - 1) : vector(depth - 1);
                yield joins.join(left, operator, right, Content.FLOATS);
            }
        };
    }

    private Shaped relabelled(Shaped inner) {
        return switch (chance.below(5)) {
            case 0 -> {
                String target = chance.one(LABELS);
                Shaped joined = inner.within("label_join(", ", \"" + target + "\", \"-\", \"job\", \"instance\")");
                yield (inner.labels().contains(target) ? joined.indistinct() : joined).withLabel(target);
            }
            case 1 -> {
                Shaped replaced = inner.within("label_replace(", ", \"path\", \"$1\", \"instance\", \"i(.*)\")");
                yield inner.labels().contains("instance")
                        ? (inner.labels().contains("path") ? replaced.indistinct() : replaced).withLabel("path")
                        : replaced;
            }
            default ->
                inner.within("label_replace(", ", \"new\", \"x$1-${1}\", \"" + chance.one(LABELS) + "\", \"(.?).*\")")
                        .withLabel("new");
        };
    }

    private Shaped other(int depth) {
        return switch (chance.below(19)) {
            case 18 -> exact(depth - 1).within(chance.one("sin(", "cos(", "tan(", "sqrt("), ")");
            case 13 ->
                Shaped.floats(chance.one("hour", "minute", "day_of_week", "day_of_month", "day_of_year", "month") + "()"
                        + chance.one("", " + 1", " == 3"));
            case 14 ->
                Shaped.floats(chance.one("year", "days_in_month") + "(" + chance.one("", "vector(time() * 50)") + ")");
            case 15 ->
                Shaped.floats(
                                "histogram_quantiles(rate(latency_bucket[5m]), \"q\", 0.1, "
                                        + chance.one("0.5", "1", "-1, 2, 0.99") + ")",
                                "job",
                                "instance",
                                "q")
                        .indistinct();
            case 16 -> vector(depth - 1).within(chance.one("start_timestamp(", "+(", "+(", "+("), ")");
            case 17 -> selectors.floats().within("limitk(" + (chance.onceIn(9) ? 0 : 1 + chance.below(3)) + ", ", ")");
            case 0 ->
                Shaped.floats("histogram_quantile(" + quantile() + ", rate(latency_bucket[5m]))", "job", "instance");
            case 1 ->
                Shaped.floats(
                        "histogram_quantile(" + quantile() + ", sum by (le, job) (rate(latency_bucket[10m])))", "job");
            case 2 -> {
                Shaped buckets =
                        chance.onceIn(12) ? vector(depth - 1) : Shaped.floats("latency_bucket", "job", "instance");
                yield buckets.within("histogram_quantile(0.9, ", ")")
                        .withoutLabel("le")
                        .indistinct();
            }
            case 3 -> Shaped.floats("vector(" + scalar(depth - 1) + ")");
            case 4 -> vector(depth - 1).within("clamp(", ", " + scalar(0) + ", " + scalar(depth - 1) + ")");
            case 5 -> vector(depth - 1).within(chance.one("clamp_min(", "clamp_max("), ", " + scalar(0) + ")");
            case 6 -> exact(depth - 1).within("round(", ", " + chance.one("0.1", "5", "0.3", "0") + ")");
            case 7 -> selectors.floats().within(chance.one("sin(", "cos(", "tan("), ")");
            case 8 ->
                Shaped.floats(
                        "histogram_fraction(" + scalar(0) + ", " + scalar(0)
                                + ", sum by (le, job) (rate(latency_bucket[5m])))",
                        "job");
            case 9 ->
                vector(depth - 1)
                        .within(
                                chance.one("sort_by_label(", "sort_by_label_desc("),
                                ", \"" + chance.one(LABELS) + "\""
                                        + (chance.onceIn(3) ? ", \"" + chance.one(LABELS) + "\"" : "") + ")");
            case 10 ->
                single(vector(depth - 1)
                        .within("count(limitk (" + (chance.onceIn(6) ? 0 : 1 + chance.below(3)) + ", ", "))"));
            case 11 ->
                vector(depth - 1).within("label_replace(", ", \"__name__\", \"named_$1\", \"__name__\", \"(.*)\")");
            default ->
                chance.onceIn(2)
                        ? single(vector(depth - 1).within("absent(", ")"))
                        : vector(depth - 1).within("-", "");
        };
    }

    private String scalar(int depth) {
        if (depth <= 0) {
            return chance.one("0", "1", "2.5", "-3", "100", "1e9", "NaN", "Inf");
        }
        return switch (chance.below(9)) {
            case 7 -> chance.one("start()", "end()", "step()", "range()", "(end() - start())", "1_0.5", "1e-3", "+Inf");
            case 8 -> chance.one("max_of(", "min_of(") + scalar(depth - 1) + ", " + scalar(depth - 1) + ")";
            case 6 -> chance.one("pi()", "-1", "0x1F", "5m", "-1m30s", "010");
            case 0 -> "time()";
            case 1 ->
                "scalar(" + (chance.onceIn(3) ? exact(depth - 1) : aggregated("sum", "", alone(depth))).text() + ")";
            case 2 -> "(" + scalar(depth - 1) + " " + chance.one(EXACT_ARITHMETIC) + " " + scalar(depth - 1) + ")";
            case 3 -> "(" + scalar(depth - 1) + " " + chance.one(COMPARISONS) + " bool " + scalar(depth - 1) + ")";
            default -> scalar(0);
        };
    }

    /** A vector without labels, so that all of it is one number once it is aggregated. */
    private Shaped alone(int depth) {
        return exact(depth - 1).withLabels(new TreeSet<>());
    }
}
