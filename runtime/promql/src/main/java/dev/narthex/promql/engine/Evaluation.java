// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.syntax.ValueType;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.ReadMemoryException;
import dev.narthex.storage.SampleBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates one query, in the calling thread. */
public final class Evaluation {
    private static final int SAMPLE_BYTES = 48;
    private static final int SERIES_BYTES = 128;

    private final QueryContext context;
    private final EvaluationRequest request;
    private long resultBytes;

    private Evaluation(QueryContext context, EvaluationRequest request) {
        this.context = context;
        this.request = request;
    }

    /**
     * Evaluates an expression.
     *
     * @param queueNanos how long the query has waited for its turn; counts against its timeout
     * @throws QueryException when it cannot be evaluated
     */
    public static QueryResult run(
            Queryable queryable, Expr expr, EvaluationRequest request, Ticker ticker, long queueNanos) {
        long startNanos = ticker.nanos();
        try (QueryContext context = new QueryContext(queryable, request, ticker, startNanos - queueNanos)) {
            // What is counted for each step.
            context.memory().take(2L * Long.BYTES * request.steps().count());
            Evaluation evaluation = new Evaluation(context, request);
            Value value = request.instant() ? evaluation.instant(expr) : evaluation.range(expr);
            return new QueryResult(
                    value,
                    context.annotations().annotations(),
                    new QueryStatistics(
                            request.steps().startMs(),
                            request.steps().stepMs(),
                            context.counts().queryable(),
                            context.counts().read(),
                            context.budget().peak(),
                            evaluation.resultBytes,
                            ticker.nanos() - startNanos,
                            queueNanos));
        } catch (ReadMemoryException e) {
            throw new QueryException(QueryException.Kind.EXECUTION, String.valueOf(e.getMessage()), e);
        } catch (ReadCanceledException e) {
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in expression evaluation", e);
        }
    }

    private Value instant(Expr expr) {
        Steps steps = request.steps();
        Planner planner = new Planner(context);
        return switch (expr.type()) {
            case SCALAR -> new Value.Scalar(request.startMs(), planner.scalar(expr, steps)[0]);
            case STRING -> new Value.Text(request.startMs(), Planner.text(expr));
            case INSTANT_VECTOR -> vector(named(planner.result(expr, steps)));
            case RANGE_VECTOR -> samples(planner.range(expr, steps, ""), expr.position());
        };
    }

    private Value vector(VectorOperator operator) {
        List<VectorSample> samples = new ArrayList<>();
        for (Column column = operator.next(); column != null; column = operator.next()) {
            Labels labels = column.labels();
            FloatHistogram histogram = column.histogram(0);
            if (histogram != null
                    && !samples.isEmpty()
                    && samples.getLast().labels().equals(labels)) {
                // As in Prometheus: of a float and a histogram of the same labels.
                samples.removeLast();
            }
            samples.add(
                    histogram == null
                            ? new VectorSample(labels, request.startMs(), column.values()[0])
                            : new VectorSample(labels, request.startMs(), histogram));
            // What is in the result stays in memory, and counts.
            context.budget().take(1);
            keep(SAMPLE_BYTES + QueryMemory.bytes(labels) + (histogram == null ? 0 : QueryMemory.bytes(histogram)));
            context.columns().release(column);
        }
        return new Value.Vector(samples);
    }

    private VectorOperator named(VectorOperator operator) {
        return context.delaysNameRemoval() ? new FinalNames(context, operator) : operator;
    }

    /** Counts what is in the result. */
    private void keep(long bytes) {
        context.memory().take(bytes);
        resultBytes += bytes;
    }

    private Value samples(Planner.Range range, PositionRange position) {
        List<MatrixSeries> series = new ArrayList<>();
        RangeSamples source = range.samples();
        while (source.next()) {
            SampleBuffer samples = source.samples();
            range.windows().slide(samples);
            int from = range.windows().from(0);
            int to = range.windows().to(0);
            if (range.modifier() != RangeModifier.NONE) {
                SampleBuffer points = ExtendedRange.shown(
                        range.modifier(),
                        context.lookbackMs(),
                        source.labels(),
                        samples,
                        range.windows(),
                        context.annotator(position));
                samples = points == null ? new SampleBuffer() : points;
                from = 0;
                to = samples.size();
            }
            if (to > from) {
                context.budget().take(to - from);
                Labels labels = source.isNameDropped() ? context.dropName(source.labels()) : source.labels();
                @Nullable FloatHistogram[] histograms = histograms(samples, from, to);
                keep(SERIES_BYTES + QueryMemory.bytes(labels) + bytes(histograms, to - from));
                series.add(MatrixSeries.timed(
                        labels,
                        java.util.Arrays.copyOfRange(samples.timestampsMs(), from, to),
                        java.util.Arrays.copyOfRange(samples.values(), from, to),
                        histograms));
            }
        }
        return sorted(series);
    }

    private static long bytes(@Nullable FloatHistogram @Nullable [] histograms, int samples) {
        long bytes = 2L * Long.BYTES * samples;
        if (histograms != null) {
            for (FloatHistogram histogram : histograms) {
                bytes += Long.BYTES + (histogram == null ? 0 : QueryMemory.bytes(histogram));
            }
        }
        return bytes;
    }

    private static @Nullable FloatHistogram @Nullable [] histograms(SampleBuffer samples, int from, int to) {
        if (!samples.hasHistograms()) {
            return null;
        }
        @Nullable FloatHistogram[] histograms = new FloatHistogram[to - from];
        for (int i = from; i < to; i++) {
            histograms[i - from] = HistogramSamples.at(samples, i);
        }
        return histograms;
    }

    private Value sorted(List<MatrixSeries> series) {
        series.sort(context.progress().counted(Comparator.comparing(MatrixSeries::labels)));
        return new Value.Matrix(series);
    }

    private Value range(Expr expr) {
        Steps steps = request.steps();
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.INSTANT_VECTOR) {
            throw new QueryException(
                    QueryException.Kind.BAD_QUERY,
                    "invalid expression type \"" + expr.type().text()
                            + "\" for range query, must be Scalar or instant Vector");
        }
        Planner planner = new Planner(context);
        VectorOperator operator = expr.type() == ValueType.SCALAR
                ? SingleColumn.ofScalar(context, planner.scalar(expr, steps))
                : named(planner.result(expr, steps));
        List<MatrixSeries> series = new ArrayList<>();
        for (Column column = operator.next(); column != null; column = operator.next()) {
            context.columns().work(column);
            resultBytes += Column.bytes(column.steps()) + column.labelBytes() + column.histogramBytes();
            boolean beside = column.hasHistograms()
                    && !series.isEmpty()
                    && series.getLast().labels().equals(column.labels());
            // The column is not released: its arrays are the result's from here on, and stay counted.
            series.add(
                    beside
                            ? series.removeLast().withHistogramsBeside(presentHistograms(column))
                            : MatrixSeries.onSteps(
                                    column.labels(),
                                    steps.startMs(),
                                    steps.stepMs(),
                                    column.values(),
                                    column.histograms(),
                                    column.present()));
        }
        return sorted(series);
    }

    private static @Nullable FloatHistogram[] presentHistograms(Column column) {
        @Nullable FloatHistogram[] histograms = new FloatHistogram[column.steps()];
        for (int step = 0; step < histograms.length; step++) {
            histograms[step] = column.histogram(step);
        }
        return histograms;
    }
}
