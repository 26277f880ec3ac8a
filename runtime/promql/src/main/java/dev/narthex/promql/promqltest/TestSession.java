// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.promqltest.SequenceValue.Gap;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs the evaluations of a test file on a storage in memory. */
final class TestSession {
    private static final long MINUTE_MS = 60_000;
    private static final Pattern RANGE_DEPENDENT = Pattern.compile("(?i)(start|end|step|range)\\s*\\(|sort");

    private final PromqlEngine engine;
    private final MemoryStorage storage;

    TestSession(PromqlEngine engine, MemoryStorage storage) {
        this.engine = engine;
        this.storage = storage;
    }

    /**
     * Loads series.
     *
     * @throws IllegalArgumentException when a sample is none that a storage would take
     */
    static void load(MemoryStorage storage, Command.Load load) {
        CustomBucketConversion conversion = new CustomBucketConversion();
        for (SeriesNotation series : load.series()) {
            storage.addSeries(series.labels());
            for (int i = 0; i < series.values().size(); i++) {
                long timestampMs = i * load.stepMs();
                Long startOffsetMs = series.startOffsetsMs().get(i);
                if (startOffsetMs != null) {
                    storage.addStart(series.labels(), timestampMs, timestampMs + startOffsetMs);
                }
                switch (series.values().get(i)) {
                    case Gap _ -> {
                        // Nothing is loaded.
                    }
                    case SequenceValue.Number number -> {
                        storage.add(series.labels(), timestampMs, number.value());
                        if (load.customBuckets()) {
                            conversion.add(series.labels(), timestampMs, number.value());
                        }
                    }
                    case SequenceValue.Histogram histogram -> {
                        histogram.histogram().validate();
                        storage.add(series.labels(), timestampMs, histogram.histogram());
                    }
                }
            }
        }
        conversion.convert(storage::add);
    }

    /**
     * Evaluates, and compares what comes out with what is expected.
     *
     * @throws PromqlTestFailure when that differs
     */
    void check(Command.Eval eval) {
        Command.Expectation expected = eval.expectation();
        QueryResult result;
        try {
            result = eval.isInstant()
                    ? engine.instant(storage, eval.query(), eval.startMs())
                    : engine.range(storage, eval.query(), eval.startMs(), eval.endMs(), eval.stepMs());
        } catch (PromqlParseException | QueryException e) {
            checkFailure(expected, e);
            return;
        } finally {
            require(storage.openQueriers() == 0, "queriers were left open");
        }
        require(!expected.fails(), "should have failed, gave " + result.value());
        checkAnnotations(expected, result);
        checkValue(eval, result.value());
        if (eval.isInstant()
                && result.value() instanceof Value.Vector vector
                && !RANGE_DEPENDENT.matcher(eval.query()).find()) {
            checkSameInRange(eval, vector);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new PromqlTestFailure(otherwise);
        }
    }

    private static void checkFailure(Command.Expectation expected, RuntimeException failure) {
        // Test files have Prometheus' words.
        String message =
                failure instanceof PromqlParseException parse ? parse.words() : String.valueOf(failure.getMessage());
        if (!expected.fails()) {
            throw new PromqlTestFailure("failed: " + message, failure);
        }
        for (Command.Wording wording : expected.failures()) {
            require(wording.matches(message), "failed with: " + message + "\nexpected: " + wording);
        }
    }

    private static void checkAnnotations(Command.Expectation expected, QueryResult result) {
        checkAnnotations(
                expected,
                Command.Kind.WARN,
                Command.Kind.NO_WARN,
                result.annotations().warnings());
        checkAnnotations(
                expected,
                Command.Kind.INFO,
                Command.Kind.NO_INFO,
                result.annotations().infos());
    }

    /** Where some are expected, each that was must be said, and none that was not. */
    private static void checkAnnotations(
            Command.Expectation expected, Command.Kind some, Command.Kind none, List<String> texts) {
        List<Command.Wording> wordings = new ArrayList<>();
        for (Command.Annotation annotation : expected.annotations()) {
            if (annotation.kind() == none) {
                require(texts.isEmpty(), "says " + texts + "\nexpected: nothing of this kind");
            } else if (annotation.kind() == some) {
                Command.Wording wording = annotation.wording();
                require(texts.stream().anyMatch(wording::matches), "says " + texts + "\nexpected: " + wording);
                wordings.add(wording);
            }
        }
        for (String text : wordings.isEmpty() ? List.<String>of() : texts) {
            require(
                    wordings.stream().anyMatch(wording -> wording.matches(text)),
                    "says " + text + "\nexpected nothing but: " + wordings);
        }
    }

    private static void checkValue(Command.Eval eval, Value value) {
        Command.Expectation expected = eval.expectation();
        Double scalar = expected.scalar();
        if (scalar != null && !(value instanceof Value.Scalar)) {
            throw new PromqlTestFailure("gave " + value + "\nexpected: the scalar " + scalar);
        }
        require(
                expected.text() == null || value instanceof Value.Text,
                "gave " + value + "\nexpected: the string " + expected.text());
        require(
                expected.range() == null || (eval.isInstant() && value instanceof Value.Matrix),
                "gave " + value + "\nexpected: a range vector of an instant query");
        switch (value) {
            case Value.Scalar number ->
                require(
                        scalar != null && expected.series().isEmpty() && AlmostEqual.test(number.value(), scalar),
                        "gave the scalar " + number.value() + "\nexpected: " + (scalar == null ? "none" : scalar));
            case Value.Text text ->
                require(
                        text.value().equals(expected.text())
                                && expected.series().isEmpty(),
                        "gave the string " + text.value() + "\nexpected: " + expected.text());
            case Value.Vector vector -> checkVector(expected, vector);
            case Value.Matrix matrix -> {
                require(
                        !eval.isInstant() || expected.range() != null,
                        "gave a range vector\nexpected: none; \"expect range vector from TIME to TIME step"
                                + " DURATION\" says which");
                checkMatrix(eval, matrix);
            }
        }
    }

    private static void checkVector(Command.Expectation expected, Value.Vector vector) {
        List<Labels> order =
                expected.series().stream().map(SeriesNotation::labels).toList();
        List<Labels> found = vector.samples().stream().map(VectorSample::labels).toList();
        boolean same = expected.ordered()
                ? found.equals(order)
                : found.size() == order.size() && Set.copyOf(found).equals(Set.copyOf(order));
        require(same, "gave the series " + found + "\nexpected: " + order);
        for (SeriesNotation series : expected.series()) {
            VectorSample sample = vector.samples().stream()
                    .filter(candidate -> candidate.labels().equals(series.labels()))
                    .findFirst()
                    .orElseThrow();
            SequenceValue value =
                    series.values().isEmpty() ? new Gap() : series.values().getFirst();
            require(
                    AlmostEqual.test(valueOf(sample), value),
                    series.labels() + " is " + valueOf(sample) + "\nexpected: " + value);
        }
    }

    private static SequenceValue valueOf(VectorSample sample) {
        FloatHistogram histogram = sample.histogram();
        return histogram == null ? new SequenceValue.Number(sample.value()) : new SequenceValue.Histogram(histogram);
    }

    private static void checkMatrix(Command.Eval eval, Value.Matrix matrix) {
        Command.Range steps = eval.expectation().range();
        long startMs = steps == null ? eval.startMs() : steps.startMs();
        long stepMs = steps == null ? eval.stepMs() : steps.stepMs();
        Map<Labels, Map<Long, SequenceValue>> expected = new TreeMap<>();
        for (SeriesNotation series : eval.expectation().series()) {
            Map<Long, SequenceValue> points = new TreeMap<>();
            for (int i = 0; i < series.values().size(); i++) {
                SequenceValue value = series.values().get(i);
                if (!(value instanceof Gap)) {
                    points.put(startMs + i * stepMs, value);
                }
            }
            if (!points.isEmpty()) {
                expected.put(series.labels(), points);
            }
        }
        Map<Labels, Map<Long, SequenceValue>> found = points(matrix);
        require(
                found.keySet().equals(expected.keySet()),
                "gave the series " + found.keySet() + "\nexpected: " + expected.keySet());
        expected.forEach((labels, points) -> {
            Map<Long, SequenceValue> actual = found.getOrDefault(labels, Map.of());
            require(
                    actual.keySet().equals(points.keySet()),
                    labels + " has values at " + actual.keySet() + "\nexpected: " + points.keySet());
            points.forEach((time, value) -> require(
                    AlmostEqual.test(actual.get(time), value),
                    labels + " at " + time + " is " + actual.get(time) + "\nexpected: " + value));
        });
    }

    private static Map<Labels, Map<Long, SequenceValue>> points(Value.Matrix matrix) {
        Map<Labels, Map<Long, SequenceValue>> all = new TreeMap<>();
        for (MatrixSeries series : matrix.series()) {
            Map<Long, SequenceValue> points = new TreeMap<>();
            series.forEach((timestampMs, value) -> points.put(timestampMs, new SequenceValue.Number(value)));
            series.forEachHistogram(
                    (timestampMs, histogram) -> points.put(timestampMs, new SequenceValue.Histogram(histogram)));
            all.put(series.labels(), points);
        }
        return all;
    }

    /** An instant query must give what a range query gives at that step. */
    private void checkSameInRange(Command.Eval eval, Value.Vector vector) {
        QueryResult range;
        try {
            range = engine.range(
                    storage, eval.query(), eval.startMs() - MINUTE_MS, eval.startMs() + MINUTE_MS, MINUTE_MS);
        } catch (QueryException _) {
            return; // What is fine at one moment may fail at another.
        }
        Map<Labels, SequenceValue> found = new TreeMap<>();
        points((Value.Matrix) range.value()).forEach((labels, points) -> {
            SequenceValue value = points.get(eval.startMs());
            if (value != null) {
                found.put(labels, value);
            }
        });
        List<Labels> labels = new ArrayList<>();
        for (VectorSample sample : vector.samples()) {
            labels.add(sample.labels());
            @Nullable SequenceValue inRange = found.get(sample.labels());
            require(
                    AlmostEqual.test(inRange, valueOf(sample)),
                    sample.labels() + " is " + valueOf(sample) + " as an instant query, " + inRange
                            + " as a range query");
        }
        require(
                found.keySet().equals(Set.copyOf(labels)),
                "a range query gives the series " + found.keySet() + "\nthe instant query: " + labels);
    }
}
