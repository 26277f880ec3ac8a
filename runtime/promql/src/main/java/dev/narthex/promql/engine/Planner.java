// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.promql.syntax.AggregateOp;
import dev.narthex.promql.syntax.AtModifier;
import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.DurationExpr;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.syntax.VectorMatching;
import dev.narthex.promql.value.QueryException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns expressions into operators over steps. Scalars are evaluated at once, into an array with a number for each step:
 * operators that take a scalar need all of it.
 */
final class Planner {
    private static final Set<String> BUCKET_FUNCTIONS = Set.of(
            "histogram_quantile", "histogram_quantiles", "histogram_fraction", "histogram_stddev", "histogram_stdvar");

    private final QueryContext context;
    private SampleCounts.Part counts;
    private final ScalarEvaluator scalars;
    private final FunctionPlanner functions;
    /** Whether the selectors that are planned now are asked for counts and sums of native histograms only. */
    private boolean statisticsOnly;
    /**
     * Whether anything around asks for buckets, or is a subquery: as in Prometheus, nothing within goes by statistics alone
     * then.
     */
    private boolean bucketsAsked;

    /**
     * Whether the result of the query shows a float beside a histogram of the same labels, if what is planned now makes
     * such pairs: so it is where nothing but functions that change labels are around.
     */
    private boolean showsPairs;

    /** Whether what is planned now is the expression of a subquery whose range ends after its first step. */
    private boolean endsBetweenSteps;

    Planner(QueryContext context) {
        this.context = context;
        this.counts = context.counts().whole();
        this.scalars = new ScalarEvaluator(context, this);
        this.functions = new FunctionPlanner(context, this);
    }

    /** The operator of an expression that is an instant vector. */
    VectorOperator vector(Expr expr, Steps steps) {
        if (steps.count() > 1 && StepInvariance.isInvariant(this, expr)) {
            return once(steps, () -> new RepeatOperator(context, vector(expr, steps.first()), steps.count()));
        }
        boolean before = showsPairs;
        showsPairs &= changesLabels(expr);
        VectorOperator operator = operator(expr, steps);
        showsPairs = before;
        return operator;
    }

    /** The operator of an expression that is the whole of a query. */
    VectorOperator result(Expr expr, Steps steps) {
        showsPairs = true;
        VectorOperator operator = vector(expr, steps);
        showsPairs = false;
        return operator;
    }

    /** See {@link ColumnMerger#ofChangedLabels}. */
    boolean showsPairs() {
        return showsPairs;
    }

    private static boolean changesLabels(Expr expr) {
        return switch (expr) {
            case Expr.Paren _, Expr.Unary _ -> true;
            case Expr.Call call ->
                call.function().name().equals("label_replace")
                        || call.function().name().equals("label_join");
            default -> false;
        };
    }

    private VectorOperator operator(Expr expr, Steps steps) {
        return switch (expr) {
            case Expr.VectorSelector selector -> selector(selector, steps, InstantSelector.Reading.VALUE);
            case Expr.Paren paren -> vector(paren.inner(), steps);
            case Expr.Unary unary -> unary(unary, steps);
            case Expr.Binary binary -> binary(binary, steps);
            case Expr.Aggregation aggregation -> aggregation(aggregation, steps);
            case Expr.Call call ->
                BUCKET_FUNCTIONS.contains(call.function().name())
                        ? askingForBuckets(() -> functions.vector(call, steps))
                        : functions.vector(call, steps);
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.MatrixSelector _, Expr.Subquery _ ->
                throw new IllegalArgumentException(
                        "expression of type " + expr.type().text() + " where a vector is needed");
        };
    }

    /** Plans or evaluates something at the first step only, which stands for all of them. */
    <T> T once(Steps steps, Supplier<T> plan) {
        SampleCounts.Part before = counts;
        counts = counts.once(steps.count());
        T planned = plan.get();
        counts = before;
        return planned;
    }

    /** Where the samples of what is planned now are counted. */
    SampleCounts.Part counts() {
        return counts;
    }

    /** As {@link #vector}, where nothing of native histograms is asked for but counts and sums. */
    VectorOperator statistics(Expr expr, Steps steps) {
        return vector(expr, steps, true);
    }

    private VectorOperator vector(Expr expr, Steps steps, boolean ofStatistics) {
        boolean before = statisticsOnly;
        statisticsOnly = ofStatistics && !bucketsAsked;
        VectorOperator operator = vector(expr, steps);
        statisticsOnly = before;
        return operator;
    }

    /** Plans something all of which needs the buckets of native histograms. */
    private VectorOperator askingForBuckets(Supplier<VectorOperator> plan) {
        boolean asked = bucketsAsked;
        boolean before = statisticsOnly;
        bucketsAsked = true;
        statisticsOnly = false;
        VectorOperator operator = plan.get();
        bucketsAsked = asked;
        statisticsOnly = before;
        return operator;
    }

    /** Whether an expression counts as one of a range, though there may be one step in it only. */
    boolean isOfRange(Expr expr, Steps steps) {
        return steps.count() > 1 || (endsBetweenSteps && !StepInvariance.isInvariant(this, expr));
    }

    /** The numbers of an expression that is a scalar, one for each step. */
    double[] scalar(Expr expr, Steps steps) {
        return scalars.evaluate(expr, steps);
    }

    /** The text of an expression that is a string. */
    static String text(Expr expr) {
        if (expr.withoutParens() instanceof Expr.StringLiteral literal) {
            return literal.value();
        }
        throw new IllegalArgumentException("expression of type " + expr.type().text() + " where a string is needed");
    }

    VectorOperator selector(Expr.VectorSelector selector, Steps steps, InstantSelector.Reading reading) {
        SelectorTime time = time(selector.at(), selector.offset());
        if (reading == InstantSelector.Reading.TIMESTAMP && time.atMs() != null) {
            // As in Prometheus: samples are selected as if there was no offset, then looked at with it.
            SelectorTime selected = new SelectorTime(time.atMs(), 0);
            return new InstantSelector(
                    context, selector.matchers(), steps, time, selected, reading, statisticsOnly, counts);
        }
        return selector.modifier() == RangeModifier.SMOOTHED && reading == InstantSelector.Reading.VALUE
                ? new SmoothedSelector(
                        context,
                        selector.matchers(),
                        steps,
                        time,
                        statisticsOnly,
                        counts,
                        context.annotator(selector.position()))
                : new InstantSelector(context, selector.matchers(), steps, time, reading, statisticsOnly, counts);
    }

    SelectorTime time(@Nullable AtModifier at, @Nullable DurationExpr offset) {
        Long atMs = switch (at) {
            case null -> null;
            case AtModifier.Timestamp timestamp -> timestamp.timestampMs();
            case AtModifier.Start _ -> context.querySteps().startMs();
            case AtModifier.End _ -> context.queryEndMs();
        };
        return new SelectorTime(atMs, offset == null ? 0 : millis(offset));
    }

    /** A duration that must be greater than 0. */
    long positiveMillis(DurationExpr duration) {
        double seconds = finite(duration);
        if (seconds <= 0) {
            throw badDuration(duration, "duration must be greater than 0");
        }
        return millis(duration);
    }

    private long millis(DurationExpr duration) {
        double seconds = finite(duration);
        if (Math.abs(seconds) > Long.MAX_VALUE / 1e9) {
            throw badDuration(duration, "duration is out of range");
        }
        // As Prometheus: a literal is rounded to nanoseconds, what is calculated is cut; then both to milliseconds.
        long nanos = isLiteral(duration) ? Math.round(seconds * 1e9) : (long) (seconds * 1e9);
        return nanos / 1_000_000;
    }

    private static boolean isLiteral(DurationExpr duration) {
        return duration instanceof DurationExpr.Literal
                || (duration instanceof DurationExpr.Negation negation && isLiteral(negation.inner()));
    }

    private double finite(DurationExpr duration) {
        double seconds = duration.seconds(context.queryStepMs(), context.queryRangeMs());
        if (!Double.isFinite(seconds)) {
            throw badDuration(duration, "duration is NaN or infinite");
        }
        return seconds;
    }

    /** As Prometheus, names where what is in the parentheses starts and ends, in characters from the start of the query. */
    private static QueryException badDuration(DurationExpr duration, String what) {
        DurationExpr inner = duration;
        while (inner instanceof DurationExpr.Paren paren) {
            inner = paren.inner();
        }
        PositionRange position = inner.position();
        return new QueryException(QueryException.Kind.BAD_QUERY, position.start() + ":" + position.end() + ": " + what);
    }

    /** The series of a range vector with what each step covers. */
    Range range(Expr expr, Steps steps, String function) {
        return switch (expr.withoutParens()) {
            case Expr.MatrixSelector matrix -> {
                Expr.VectorSelector selector = matrix.selector();
                SelectorTime time = time(selector.at(), selector.offset());
                long rangeMs = positiveMillis(matrix.range());
                takeWindows(steps);
                ExtendedRange.requireFits(selector.modifier(), function);
                yield new Range(
                        new SelectedRange(
                                context,
                                selector.matchers(),
                                steps,
                                time,
                                rangeMs,
                                selector.modifier(),
                                function,
                                statisticsOnly),
                        new Windows(steps, time, rangeMs, context.progress(), counts, true),
                        time,
                        selector.modifier());
            }
            case Expr.Subquery subquery -> subquery(subquery, steps);
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.VectorSelector _,
                    Expr.Call _,
                    Expr.Aggregation _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Paren _ ->
                throw new IllegalArgumentException(
                        "expression of type " + expr.type().text() + " where a range vector is needed");
        };
    }

    /** Counts the bounds of the windows of a range. */
    private void takeWindows(Steps steps) {
        context.memory().take(2L * Long.BYTES * steps.count());
    }

    /** A range vector: its series, and the windows over their samples. */
    record Range(RangeSamples samples, Windows windows, SelectorTime time, RangeModifier modifier) {}

    private Range subquery(Expr.Subquery subquery, Steps steps) {
        SelectorTime time = time(subquery.at(), subquery.offset());
        long rangeMs = positiveMillis(subquery.range());
        DurationExpr resolution = subquery.resolution();
        long resolutionMs =
                resolution == null ? context.defaultResolutionMs() : Math.max(1, positiveMillis(resolution));
        Steps innerSteps = SubqueryRange.innerSteps(steps, time, rangeMs, resolutionMs);
        boolean before = endsBetweenSteps;
        SampleCounts.Part countsBefore = counts;
        takeWindows(steps);
        // Which step of the query each of these counts to.
        context.memory().take((long) Integer.BYTES * innerSteps.count());
        counts = counts.within(steps, time, rangeMs, innerSteps);
        endsBetweenSteps = innerSteps.startMs() != time.lastMs(steps);
        VectorOperator inner = innerSteps.count() == 0
                ? new SingleColumn(() -> null)
                : askingForBuckets(() -> vector(subquery.inner(), innerSteps));
        endsBetweenSteps = before;
        counts = countsBefore;
        return new Range(
                new SubqueryRange(context, inner, innerSteps),
                new Windows(steps, time, rangeMs, context.progress(), counts, false),
                time,
                RangeModifier.NONE);
    }

    private VectorOperator unary(Expr.Unary unary, Steps steps) {
        VectorOperator inner = vector(unary.inner(), steps);
        return unary.negative()
                ? NameDropper.ofMinus(context, new MapOperator(context, inner, Planner::negate), showsPairs)
                : inner;
    }

    private static void negate(Column column) {
        double[] values = column.values();
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            FloatHistogram histogram = column.histogram(step);
            if (histogram == null) {
                values[step] = -values[step];
            } else {
                column.set(step, histogram.times(-1));
            }
            step = Presence.next(column.present(), step + 1);
        }
    }

    private VectorOperator binary(Expr.Binary binary, Steps steps) {
        if (binary.op().kind() != BinaryOp.Kind.HISTOGRAM) {
            return anyBinary(binary, steps);
        }
        return askingForBuckets(() -> anyBinary(binary, steps));
    }

    private VectorOperator anyBinary(Expr.Binary binary, Steps steps) {
        VectorMatching matching = binary.matching();
        if (matching == null) {
            boolean scalarLeft = binary.left().type() == dev.narthex.promql.syntax.ValueType.SCALAR;
            // The left side is planned first, whatever it is: annotations go by the order of evaluation.
            if (scalarLeft) {
                double[] scalar = scalar(binary.left(), steps);
                return VectorScalarBinary.of(context, binary, vector(binary.right(), steps), scalar, true);
            }
            VectorOperator vector = vector(binary.left(), steps);
            return VectorScalarBinary.of(context, binary, vector, scalar(binary.right(), steps), false);
        }
        VectorOperator left = vector(binary.left(), steps);
        VectorOperator right = vector(binary.right(), steps);
        return binary.op().isSet()
                ? SetOperator.of(context, binary.op(), matching, left, right, steps.count())
                : new VectorBinary(context, binary, matching, left, right, steps.count());
    }

    private VectorOperator aggregation(Expr.Aggregation aggregation, Steps steps) {
        AggregateOp op = aggregation.op();
        Grouping grouping = new Grouping(aggregation.grouping(), aggregation.without());
        Expr parameter = aggregation.parameter();
        if (parameter == null) {
            VectorOperator inner = vector(aggregation.inner(), steps);
            return new AggregationOperator(
                    context,
                    op,
                    grouping,
                    inner,
                    steps.count(),
                    context.annotator(aggregation.inner().withoutParens().position()));
        }
        if (op == AggregateOp.COUNT_VALUES) {
            return countValues(aggregation, text(parameter), steps);
        }
        double[] numbers = scalar(parameter, steps);
        VectorOperator inner = vector(aggregation.inner(), steps);
        AnnotationCollector.Annotator annotator = context.annotator(parameter.position());
        if (op == AggregateOp.QUANTILE) {
            checkQuantiles(numbers, annotator);
        }
        return switch (op) {
            case TOPK, BOTTOMK ->
                new TopOperator(
                        context,
                        grouping,
                        inner,
                        numbers,
                        op == AggregateOp.TOPK,
                        context.annotator(aggregation.position()));
            case QUANTILE ->
                new QuantileOperator(
                        context,
                        grouping,
                        inner,
                        numbers,
                        context.annotator(aggregation.inner().withoutParens().position()));
            case LIMITK ->
                new LimitOperator(context, inner, LimitOperator.first(context, grouping, TopOperator.limits(numbers)));
            case LIMIT_RATIO -> new LimitOperator(context, inner, LimitOperator.share(ratios(numbers, annotator)));
            case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR, COUNT_VALUES ->
                throw new IllegalArgumentException("aggregation " + op.text() + " takes no number");
        };
    }

    static void checkQuantiles(double[] quantiles, AnnotationCollector.Annotator annotator) {
        for (double quantile : quantiles) {
            if (!(quantile >= 0 && quantile <= 1)) {
                annotator.warn(
                        "quantile value should be between 0 and 1, got " + dev.narthex.model.GoFloat.general(quantile));
            }
        }
    }

    private static double[] ratios(double[] numbers, AnnotationCollector.Annotator annotator) {
        double[] ratios = numbers.clone();
        for (int i = 0; i < ratios.length; i++) {
            if (Double.isNaN(ratios[i])) {
                throw QueryException.execution("Ratio value is NaN");
            }
            double capped = Math.clamp(ratios[i], -1.0, 1.0);
            if (capped != ratios[i]) {
                annotator.warn("ratio value should be between -1 and 1, got "
                        + dev.narthex.model.GoFloat.general(ratios[i]) + ", capping to "
                        + dev.narthex.model.GoFloat.general(capped));
                ratios[i] = capped;
            }
        }
        return ratios;
    }

    private VectorOperator countValues(Expr.Aggregation aggregation, String label, Steps steps) {
        if (!dev.narthex.model.LabelNames.isValidUtf8(label)) {
            throw QueryException.execution("invalid label name " + dev.narthex.model.QuotedString.of(label));
        }
        Set<String> names = new HashSet<>(aggregation.grouping());
        if (!aggregation.without()) {
            names.add(label);
        }
        return new CountValuesOperator(
                context,
                label,
                new Grouping(names, aggregation.without()),
                vector(aggregation.inner(), steps),
                steps.count());
    }

    /** The numbers of an optional argument. */
    double[] scalarOr(List<Expr> arguments, int index, double otherwise, Steps steps) {
        if (index < arguments.size()) {
            return scalar(arguments.get(index), steps);
        }
        double[] numbers = new double[steps.count()];
        Arrays.fill(numbers, otherwise);
        return numbers;
    }
}
