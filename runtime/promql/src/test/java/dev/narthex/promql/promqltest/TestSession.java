// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.promql.MemoryStorage;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs commands of test files on a storage in memory. */
final class TestSession {
    /** Numbers in test files are rounded; so much they may differ, relatively. */
    private static final double TOLERANCE = 1e-6;

    private static final long MINUTE_MS = 60_000;

    private final PromqlEngine engine;
    private MemoryStorage storage = new MemoryStorage();
    private final Set<Labels> withHistograms = new HashSet<>();

    TestSession(PromqlEngine engine) {
        this.engine = engine;
    }

    void prepare(Command command) {
        switch (command) {
            case Command.Clear _ -> {
                storage = new MemoryStorage();
                withHistograms.clear();
            }
            case Command.Load load -> load(load);
            case Command.Eval _ -> throw new IllegalArgumentException("an evaluation prepares nothing");
        }
    }

    private void load(Command.Load load) {
        for (SeriesNotation series : load.series()) {
            if (series.hasHistograms()) {
                withHistograms.add(series.labels());
                continue;
            }
            if (load.customBuckets() && series.labels().metricName().endsWith("_bucket")) {
                String name = series.labels().metricName();
                withHistograms.add(series.labels().without(Set.of("le")).toBuilder()
                        .set(Labels.METRIC_NAME, name.substring(0, name.length() - "_bucket".length()))
                        .build());
            }
            storage.addSeries(series.labels());
            for (int i = 0; i < series.values().size(); i++) {
                Double value = series.values().get(i);
                if (value != null) {
                    storage.add(series.labels(), i * load.stepMs(), value);
                }
            }
        }
    }

    /** What an evaluation needs that there is not: no reason where there is all. */
    Optional<String> missing(Command.Eval eval) {
        try {
            Expr expr = engine.parse(eval.query());
            boolean selectsHistograms = selectors(expr).stream()
                    .anyMatch(matchers -> withHistograms.stream()
                            .anyMatch(series -> matchers.stream().allMatch(matcher -> matcher.matches(series))));
            boolean expectsHistograms = eval.expectation().series().stream().anyMatch(SeriesNotation::hasHistograms);
            return selectsHistograms || expectsHistograms ? Optional.of("native histograms") : Optional.empty();
        } catch (PromqlParseException e) {
            return e.problem().endsWith("is not supported by this build") ? Optional.of(e.problem()) : Optional.empty();
        }
    }

    private static List<List<LabelMatcher>> selectors(Expr expr) {
        List<List<LabelMatcher>> found = new ArrayList<>();
        collect(expr, found);
        return found;
    }

    private static void collect(@Nullable Expr expr, List<List<LabelMatcher>> found) {
        switch (expr) {
            case null -> {
                // Nothing to look into.
            }
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {
                // Selects nothing.
            }
            case Expr.VectorSelector selector -> found.add(selector.matchers());
            case Expr.MatrixSelector matrix -> found.add(matrix.selector().matchers());
            case Expr.Subquery subquery -> collect(subquery.inner(), found);
            case Expr.Call call -> call.arguments().forEach(argument -> collect(argument, found));
            case Expr.Aggregation aggregation -> {
                collect(aggregation.parameter(), found);
                collect(aggregation.inner(), found);
            }
            case Expr.Binary binary -> {
                collect(binary.left(), found);
                collect(binary.right(), found);
            }
            case Expr.Unary unary -> collect(unary.inner(), found);
            case Expr.Paren paren -> collect(paren.inner(), found);
        }
    }

    void check(Command.Eval eval) {
        Command.Expectation expected = eval.expectation();
        QueryResult result;
        try {
            result = eval.isInstant()
                    ? engine.instant(storage, eval.query(), eval.startMs())
                    : engine.range(storage, eval.query(), eval.startMs(), eval.endMs(), eval.stepMs());
        } catch (PromqlParseException | QueryException e) {
            if (!expected.fails()) {
                throw e;
            }
            checkFailure(expected, String.valueOf(e.getMessage()));
            return;
        } finally {
            assertThat(storage.openQueriers()).as("queriers left open").isZero();
        }
        assertThat(expected.fails()).as("should have failed, gave %s", result).isFalse();
        checkAnnotations(expected, result);
        checkValue(eval, result.value());
        if (eval.isInstant() && result.value() instanceof Value.Vector vector && !dependsOnRange(eval.query())) {
            checkSameInRange(eval, vector);
        }
    }

    private static void checkFailure(Command.Expectation expected, String message) {
        if (expected.failure() != null) {
            assertThat(message).isEqualTo(expected.failure());
        }
        if (expected.failurePattern() != null) {
            assertThat(message).containsPattern(Pattern.compile(expected.failurePattern()));
        }
    }

    private static void checkAnnotations(Command.Expectation expected, QueryResult result) {
        for (Command.Annotation annotation : expected.annotations()) {
            List<String> texts = annotation.kind().endsWith("warn")
                    ? result.annotations().warnings()
                    : result.annotations().infos();
            if (annotation.kind().startsWith("no_")) {
                assertThat(texts).as(annotation.kind()).isEmpty();
            } else if (annotation.message() != null) {
                assertThat(texts).contains(annotation.message());
            } else if (annotation.pattern() != null) {
                assertThat(texts).anyMatch(text -> text.matches(".*" + annotation.pattern() + ".*"));
            } else {
                assertThat(texts).as(annotation.kind()).isNotEmpty();
            }
        }
    }

    private static void checkValue(Command.Eval eval, Value value) {
        Command.Expectation expected = eval.expectation();
        switch (value) {
            case Value.Scalar scalar -> {
                Double number = expected.scalar();
                if (number == null) {
                    fail("gave the scalar %s", scalar.value());
                } else {
                    assertThat(isAlmostEqual(scalar.value(), number))
                            .as("scalar %s, expected %s", scalar.value(), number)
                            .isTrue();
                }
            }
            case Value.Text text -> assertThat(text.value()).isEqualTo(expected.text());
            case Value.Vector vector -> checkVector(expected, vector);
            case Value.Matrix matrix -> checkMatrix(eval, matrix);
        }
    }

    private static void checkVector(Command.Expectation expected, Value.Vector vector) {
        List<Labels> order =
                expected.series().stream().map(SeriesNotation::labels).toList();
        List<Labels> found = vector.samples().stream().map(VectorSample::labels).toList();
        if (expected.ordered()) {
            assertThat(found).isEqualTo(order);
        } else {
            assertThat(found).containsExactlyInAnyOrderElementsOf(order);
        }
        for (SeriesNotation series : expected.series()) {
            VectorSample sample = vector.samples().stream()
                    .filter(candidate -> candidate.labels().equals(series.labels()))
                    .findFirst()
                    .orElseThrow();
            Double value = series.values().getFirst();
            assertThat(value != null && isAlmostEqual(sample.value(), value))
                    .as("%s is %s, expected %s", series.labels(), sample.value(), value)
                    .isTrue();
        }
    }

    private static void checkMatrix(Command.Eval eval, Value.Matrix matrix) {
        Command.Range steps = eval.expectation().range();
        long startMs = steps == null ? eval.startMs() : steps.startMs();
        long stepMs = steps == null ? eval.stepMs() : steps.stepMs();
        Map<Labels, Map<Long, Double>> expected = new TreeMap<>();
        for (SeriesNotation series : eval.expectation().series()) {
            Map<Long, Double> points = new TreeMap<>();
            for (int i = 0; i < series.values().size(); i++) {
                Double value = series.values().get(i);
                if (value != null) {
                    points.put(startMs + i * stepMs, value);
                }
            }
            if (!points.isEmpty()) {
                expected.put(series.labels(), points);
            }
        }
        Map<Labels, Map<Long, Double>> found = new TreeMap<>();
        for (MatrixSeries series : matrix.series()) {
            Map<Long, Double> points = new TreeMap<>();
            series.forEach(points::put);
            found.put(series.labels(), points);
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((labels, points) -> {
            Map<Long, Double> actual = found.getOrDefault(labels, Map.of());
            assertThat(actual.keySet()).as("times of %s", labels).isEqualTo(points.keySet());
            points.forEach((time, value) -> assertThat(isAlmostEqual(actual.getOrDefault(time, 0.0), value))
                    .as("%s at %s is %s, expected %s", labels, time, actual.get(time), value)
                    .isTrue());
        });
    }

    private static boolean dependsOnRange(String query) {
        return Pattern.compile("(?i)(start|end|step|range)\\s*\\(")
                        .matcher(query)
                        .find()
                || query.contains("sort");
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
        Map<Labels, Double> found = new TreeMap<>();
        for (MatrixSeries series : ((Value.Matrix) range.value()).series()) {
            series.forEach((timestampMs, value) -> {
                if (timestampMs == eval.startMs()) {
                    found.put(series.labels(), value);
                }
            });
        }
        assertThat(found.keySet())
                .as("series of a range query at this step")
                .containsExactlyInAnyOrderElementsOf(
                        vector.samples().stream().map(VectorSample::labels).toList());
        for (VectorSample sample : vector.samples()) {
            assertThat(isAlmostEqual(sample.value(), found.getOrDefault(sample.labels(), 0.0)))
                    .as("%s as an instant query, %s as a range query", sample, found.get(sample.labels()))
                    .isTrue();
        }
    }

    static boolean isAlmostEqual(double a, double b) {
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        if (Double.isNaN(a) || Double.isNaN(b) || Double.isInfinite(a) || Double.isInfinite(b)) {
            return false;
        }
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || difference < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / (Math.abs(a) + Math.abs(b)) < TOLERANCE;
    }
}
