// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramStatistics;
import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.value.QueryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns calls of functions that give a vector into operators. */
final class FunctionPlanner {
    private final QueryContext context;
    private final Planner planner;

    FunctionPlanner(QueryContext context, Planner planner) {
        this.context = context;
        this.planner = planner;
    }

    VectorOperator vector(Expr.Call call, Steps steps) {
        String name = call.function().name();
        List<Expr> arguments = call.arguments();
        RangeFunction range = rangeFunction(call, steps);
        if (range != null) {
            return overRange(call, range, steps);
        }
        MapOperator.ValueFunction math = MathFunctions.find(name);
        if (math != null) {
            VectorOperator inner = arguments.isEmpty()
                    ? SingleColumn.ofScalar(context, times(steps))
                    : planner.vector(arguments.getFirst(), steps);
            return dropName(new MapOperator(context, inner, MapOperator.values(math)));
        }
        return switch (name) {
            case "absent" ->
                AbsentOperator.absent(
                        context,
                        planner.vector(arguments.getFirst(), steps),
                        arguments.getFirst().withoutParens() instanceof Expr.VectorSelector selector
                                ? AbsentOperator.labels(selector.matchers())
                                : Labels.EMPTY,
                        steps.count());
            case "absent_over_time" -> absentOverTime(arguments.getFirst(), steps);
            case "clamp" ->
                clamp(
                        arguments,
                        planner.scalar(arguments.get(1), steps),
                        planner.scalar(arguments.get(2), steps),
                        steps);
            case "clamp_min" -> clamp(arguments, planner.scalar(arguments.get(1), steps), null, steps);
            case "clamp_max" -> clamp(arguments, null, planner.scalar(arguments.get(1), steps), steps);
            case "quantile_over_time" -> quantileOverTime(call, steps);
            case "round" -> round(arguments, steps);
            case "timestamp" -> timestamp(arguments.getFirst(), steps);
            case "start_timestamp" -> startTimestamp(arguments.getFirst(), steps);
            case "info" -> info(arguments, steps);
            case "vector" -> SingleColumn.ofScalar(context, planner.scalar(arguments.getFirst(), steps));
            case "histogram_quantile" -> histogramQuantile(arguments, steps);
            case "histogram_quantiles" -> histogramQuantiles(arguments, steps);
            case "histogram_fraction" -> histogramFraction(arguments, steps);
            case "histogram_count" ->
                histogramNumber(planner.statistics(arguments.getFirst(), steps), FloatHistogram::count);
            case "histogram_sum" ->
                histogramNumber(planner.statistics(arguments.getFirst(), steps), FloatHistogram::sum);
            case "histogram_avg" ->
                histogramNumber(planner.statistics(arguments.getFirst(), steps), HistogramStatistics::mean);
            case "histogram_stdvar" ->
                histogramNumber(planner.vector(arguments.getFirst(), steps), HistogramStatistics::variance);
            case "histogram_stddev" ->
                histogramNumber(
                        planner.vector(arguments.getFirst(), steps),
                        histogram -> Math.sqrt(HistogramStatistics.variance(histogram)));
            case "label_replace" ->
                LabelFunctions.replace(
                        context,
                        planner.vector(arguments.getFirst(), steps),
                        Planner.text(arguments.get(1)),
                        Planner.text(arguments.get(2)),
                        Planner.text(arguments.get(3)),
                        Planner.text(arguments.get(4)),
                        planner.showsPairs());
            case "label_join" ->
                LabelFunctions.join(
                        context,
                        planner.vector(arguments.getFirst(), steps),
                        Planner.text(arguments.get(1)),
                        Planner.text(arguments.get(2)),
                        texts(arguments, 3),
                        planner.showsPairs());
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" -> sort(call, steps);
            default -> throw new IllegalArgumentException("function " + name + " has no operator");
        };
    }

    private VectorOperator dropName(VectorOperator operator) {
        return NameDropper.of(context, operator);
    }

    private @Nullable RangeFunction rangeFunction(Expr.Call call, Steps steps) {
        List<Expr> arguments = call.arguments();
        return switch (call.function().name()) {
            case "rate" -> CounterFunctions.rate();
            case "increase" -> CounterFunctions.increase();
            case "delta" -> CounterFunctions.delta();
            case "irate" -> CounterFunctions::irate;
            case "idelta" -> CounterFunctions::idelta;
            case "resets" -> CounterFunctions::resets;
            case "changes" -> CounterFunctions::changes;
            case "deriv" -> RegressionFunctions::derivative;
            case "predict_linear" -> RegressionFunctions.prediction(planner.scalar(arguments.get(1), steps));
            case "double_exponential_smoothing" ->
                RegressionFunctions.smoothing(
                        planner.scalar(arguments.get(1), steps), planner.scalar(arguments.get(2), steps));
            case "avg_over_time" -> OverTimeFunctions.each(OverTimeFunctions::average);
            case "count_over_time" -> OverTimeFunctions.each(OverTimeFunctions::count);
            case "first_over_time" -> OverTimeFunctions.each(OverTimeFunctions::first);
            case "last_over_time" -> OverTimeFunctions.each(OverTimeFunctions::last);
            case "mad_over_time" -> OverTimeFunctions.each(OverTimeFunctions::medianAbsoluteDeviation);
            case "max_over_time" -> OverTimeFunctions.each(OverTimeFunctions::max);
            case "min_over_time" -> OverTimeFunctions.each(OverTimeFunctions::min);
            case "present_over_time" -> OverTimeFunctions.each(OverTimeFunctions::present);
            case "stddev_over_time" -> OverTimeFunctions.each(OverTimeFunctions::standardDeviation);
            case "stdvar_over_time" -> OverTimeFunctions.each(OverTimeFunctions::standardVariance);
            case "sum_over_time" -> OverTimeFunctions.each(OverTimeFunctions::sum);
            case "ts_of_first_over_time" -> OverTimeFunctions.each(OverTimeFunctions::timeOfFirst);
            case "ts_of_last_over_time" -> OverTimeFunctions.each(OverTimeFunctions::timeOfLast);
            case "ts_of_max_over_time" -> OverTimeFunctions.each(OverTimeFunctions::timeOfMax);
            case "ts_of_min_over_time" -> OverTimeFunctions.each(OverTimeFunctions::timeOfMin);
            default -> null;
        };
    }

    /** What a function over ranges makes of series that have native histograms. */
    private static MixedRangeFunction ofHistograms(
            String name,
            RangeFunction floats,
            @Nullable MixedRangeFunction starts,
            AnnotationCollector.Annotator annotator) {
        return switch (name) {
            case "rate" -> new HistogramGrowth(floats, true, true, starts, annotator);
            case "increase" -> new HistogramGrowth(floats, true, false, starts, annotator);
            case "delta" -> new HistogramGrowth(floats, false, false, null, annotator);
            case "irate" -> HistogramGrowth.lastTwo(true, floats, starts, annotator);
            case "idelta" -> HistogramGrowth.lastTwo(false, floats, null, annotator);
            case "resets" -> HistogramOverTime.resets(starts != null);
            case "changes" -> HistogramOverTime.changes();
            case "sum_over_time" -> HistogramOverTime.sum(annotator);
            case "avg_over_time" -> HistogramOverTime.average(annotator);
            case "first_over_time" -> HistogramOverTime.pick(false);
            case "last_over_time" -> HistogramOverTime.pick(true);
            case "count_over_time", "present_over_time", "ts_of_first_over_time", "ts_of_last_over_time" ->
                HistogramOverTime.sameAs(floats);
            default -> HistogramOverTime.floatsOnly(floats, annotator);
        };
    }

    private VectorOperator overRange(Expr.Call call, RangeFunction function, Steps steps) {
        String name = call.function().name();
        Expr argument = call.arguments().getFirst();
        Planner.Range range = planner.range(argument, steps, name);
        RangeFunctionOperator.SeriesObserver observer = series -> {};
        if (name.equals("rate") || name.equals("increase")) {
            AnnotationCollector.Annotator annotator = context.annotator(placeOf(argument));
            boolean typed = context.isEnabled(PromqlFeature.TYPE_AND_UNIT_LABELS);
            observer = series -> {
                if (typed) {
                    checkCounterType(series, annotator);
                } else {
                    checkCounterName(series.metricName(), annotator);
                }
            };
        }
        AnnotationCollector.Annotator notes = context.annotator(placeOf(argument));
        MixedRangeFunction starts =
                context.isEnabled(PromqlFeature.USE_START_TIMESTAMPS) ? StartTimestamps.find(name, notes) : null;
        VectorOperator operator = range.modifier() == RangeModifier.NONE
                ? new RangeFunctionOperator(
                        context,
                        range.samples(),
                        range.windows(),
                        function,
                        ofHistograms(name, function, starts, notes),
                        starts,
                        observer)
                : overExtendedRange(range, name, function, notes, observer);
        return name.equals("last_over_time") || name.equals("first_over_time")
                ? operator
                : NameDropper.ofRangeFunction(context, operator);
    }

    private VectorOperator overExtendedRange(
            Planner.Range range,
            String name,
            RangeFunction function,
            AnnotationCollector.Annotator annotator,
            RangeFunctionOperator.SeriesObserver observer) {
        ExtendedRange extended = new ExtendedRange(
                range.modifier(),
                name,
                context.lookbackMs(),
                function,
                ofHistograms(name, function, null, annotator),
                annotator);
        return new RangeFunctionOperator(context, range.samples(), range.windows(), extended, extended, observer);
    }

    private VectorOperator quantileOverTime(Expr.Call call, Steps steps) {
        Expr parameter = call.arguments().getFirst();
        double[] quantiles = planner.scalar(parameter, steps);
        Planner.Range range = planner.range(call.arguments().get(1), steps, "quantile_over_time");
        AnnotationCollector.Annotator annotator = context.annotator(parameter.position());
        RangeFunction quantile = OverTimeFunctions.quantile(quantiles, context.progress());
        return NameDropper.ofRangeFunction(
                context,
                new RangeFunctionOperator(
                        context,
                        range.samples(),
                        range.windows(),
                        quantile,
                        HistogramOverTime.floatsOnly(quantile, annotator),
                        series -> Planner.checkQuantiles(quantiles, annotator)));
    }

    /** The place that Prometheus names: what a subquery makes has none of its own. */
    private static PositionRange placeOf(Expr argument) {
        return argument.withoutParens() instanceof Expr.Subquery ? new PositionRange(0, 0) : argument.position();
    }

    private static void checkCounterName(String name, AnnotationCollector.Annotator annotator) {
        if (!name.isEmpty()
                && !name.endsWith("_total")
                && !name.endsWith("_sum")
                && !name.endsWith("_count")
                && !name.endsWith("_bucket")) {
            annotator.inform(
                    "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"" + name + "\"");
        }
    }

    /** As {@link #checkCounterName}, where series say of what type they are. */
    private static void checkCounterType(Labels series, AnnotationCollector.Annotator annotator) {
        String type = series.getOrEmpty("__type__");
        if (!series.metricName().isEmpty() && !type.equals("counter") && !type.equals("histogram")) {
            annotator.inform("metric might not be a counter, __type__ label is not set to \"counter\" or"
                    + " \"histogram\", got \"" + type + "\": \"" + series.metricName() + '"');
        }
    }

    private static double[] times(Steps steps) {
        double[] times = new double[steps.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = steps.timeMs(i) / 1000.0;
        }
        return times;
    }

    private static List<String> texts(List<Expr> arguments, int from) {
        return arguments.subList(from, arguments.size()).stream()
                .map(Planner::text)
                .toList();
    }

    private VectorOperator absentOverTime(Expr argument, Steps steps) {
        Planner.Range range = planner.range(argument, steps, "absent_over_time");
        Labels labels = argument.withoutParens() instanceof Expr.MatrixSelector matrix
                ? AbsentOperator.labels(matrix.selector().matchers())
                : Labels.EMPTY;
        return AbsentOperator.absentOverTime(context, range.samples(), range.windows(), labels, steps.count());
    }

    private VectorOperator clamp(
            List<Expr> arguments, double @Nullable [] lower, double @Nullable [] upper, Steps steps) {
        VectorOperator inner = planner.vector(arguments.getFirst(), steps);
        return dropName(new MapOperator(context, inner, column -> {
            column.dropHistograms();
            double[] values = column.values();
            for (int step = 0; step < values.length; step++) {
                if (lower != null && upper != null && upper[step] < lower[step]) {
                    Presence.remove(column.present(), step);
                }
                if (upper != null) {
                    values[step] = Arithmetic.min(upper[step], values[step]);
                }
                if (lower != null) {
                    values[step] = Arithmetic.max(lower[step], values[step]);
                }
            }
        }));
    }

    private VectorOperator round(List<Expr> arguments, Steps steps) {
        double[] nearest = planner.scalarOr(arguments, 1, 1, steps);
        VectorOperator inner = planner.vector(arguments.getFirst(), steps);
        return dropName(new MapOperator(context, inner, column -> {
            column.dropHistograms();
            double[] values = column.values();
            for (int step = 0; step < values.length; step++) {
                // Dividing by the inverse is more exact where it is a whole number, as for 0.1.
                double inverse = 1.0 / nearest[step];
                values[step] = Math.floor(values[step] * inverse + 0.5) / inverse;
            }
        }));
    }

    /** Only what a selector finds has a start; without start timestamps in use nothing has. */
    private VectorOperator startTimestamp(Expr argument, Steps steps) {
        boolean used = context.isEnabled(PromqlFeature.USE_START_TIMESTAMPS);
        if (used && argument.withoutParens() instanceof Expr.VectorSelector selector) {
            return dropName(planner.selector(selector, steps, InstantSelector.Reading.START_TIMESTAMP));
        }
        return new MapOperator(
                context, planner.vector(argument, steps), column -> java.util.Arrays.fill(column.present(), 0));
    }

    private VectorOperator info(List<Expr> arguments, Steps steps) {
        Expr argument = arguments.getFirst();
        List<dev.narthex.model.LabelMatcher> matchers =
                arguments.size() > 1 && arguments.get(1) instanceof Expr.VectorSelector selector
                        ? selector.matchers()
                        : List.of();
        return new InfoOperator(
                context,
                planner.vector(argument, steps),
                new InfoSelector(matchers),
                steps,
                InfoTime.of(planner, argument),
                planner.counts());
    }

    private VectorOperator timestamp(Expr argument, Steps steps) {
        InstantSelector.Reading taken = InstantSelector.Reading.TIMESTAMP;
        if (argument.withoutParens() instanceof Expr.VectorSelector selector) {
            return dropName(planner.selector(selector, steps, taken));
        }
        double[] times = times(steps);
        return dropName(new MapOperator(context, planner.vector(argument, steps), column -> {
            column.forgetHistograms();
            System.arraycopy(times, 0, column.values(), 0, times.length);
        }));
    }

    private VectorOperator histogramQuantile(List<Expr> arguments, Steps steps) {
        double[] quantiles = planner.scalar(arguments.getFirst(), steps);
        VectorOperator inner = planner.vector(arguments.get(1), steps);
        Planner.checkQuantiles(quantiles, context.annotator(arguments.getFirst().position()));
        return new HistogramEstimates(
                context,
                inner,
                steps,
                context.annotator(arguments.get(1).withoutParens().position()),
                List.of(HistogramEstimates.quantile(quantiles)));
    }

    private VectorOperator histogramQuantiles(List<Expr> arguments, Steps steps) {
        VectorOperator inner = planner.vector(arguments.getFirst(), steps);
        String label = Planner.text(arguments.get(1));
        if (!dev.narthex.model.LabelNames.isValidUtf8(label)) {
            throw QueryException.execution("invalid label name in histogram_quantiles(): " + label);
        }
        List<HistogramEstimates.Estimate> estimates = new java.util.ArrayList<>();
        for (Expr argument : arguments.subList(2, arguments.size())) {
            double[] quantiles = planner.scalar(argument, steps);
            Planner.checkQuantiles(quantiles, context.annotator(argument.position()));
            estimates.addAll(HistogramEstimates.quantiles(label, quantiles));
        }
        return new HistogramEstimates(
                context,
                inner,
                steps,
                context.annotator(arguments.getFirst().withoutParens().position()),
                estimates);
    }

    private VectorOperator histogramFraction(List<Expr> arguments, Steps steps) {
        double[] lower = planner.scalar(arguments.get(0), steps);
        double[] upper = planner.scalar(arguments.get(1), steps);
        return new HistogramEstimates(
                context,
                planner.vector(arguments.get(2), steps),
                steps,
                context.annotator(arguments.get(2).withoutParens().position()),
                List.of(HistogramEstimates.fraction(lower, upper)));
    }

    /** A number of each native histogram; floats are left out. */
    private VectorOperator histogramNumber(
            VectorOperator inner, java.util.function.ToDoubleFunction<FloatHistogram> function) {
        return dropName(new MapOperator(context, inner, column -> {
            for (int step = Presence.next(column.present(), 0); step >= 0; ) {
                FloatHistogram histogram = column.histogram(step);
                if (histogram == null) {
                    Presence.remove(column.present(), step);
                } else {
                    column.values()[step] = function.applyAsDouble(histogram);
                }
                step = Presence.next(column.present(), step + 1);
            }
            column.forgetHistograms();
        }));
    }

    private VectorOperator sort(Expr.Call call, Steps steps) {
        VectorOperator inner = planner.vector(call.arguments().getFirst(), steps);
        String name = call.function().name();
        if (planner.isOfRange(call, steps)) {
            context.annotator(call.position())
                    .warn("sort is ineffective for range queries since results are always ordered by labels");
            return name.startsWith("sort_by_label") ? inner : new MapOperator(context, inner, Column::dropHistograms);
        }
        boolean descending = name.endsWith("_desc");
        return name.startsWith("sort_by_label")
                ? SortOperator.ofLabels(context, inner, texts(call.arguments(), 1), descending)
                : SortOperator.ofValues(context, inner, descending);
    }
}
