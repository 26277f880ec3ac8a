// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromqlEngineTest {
    private static final long MINUTE = 60_000;

    private final AtomicLong nanos = new AtomicLong();
    private final MemoryStorage storage = new MemoryStorage();
    private final PromqlEngine engine = engine(PromqlEngineConfig.defaults());

    private PromqlEngine engine(PromqlEngineConfig config) {
        return new PromqlEngine(config, nanos::get);
    }

    @AfterEach
    void closesEveryQuerier() {
        assertThat(storage.openQueriers()).isZero();
    }

    private void load(String name, String instance, long stepMs, double... values) {
        for (int i = 0; i < values.length; i++) {
            storage.add(Labels.of("__name__", name, "instance", instance), i * stepMs, values[i]);
        }
    }

    private static Map<Long, Double> points(QueryResult result) {
        Map<Long, Double> points = new TreeMap<>();
        List<MatrixSeries> series = ((Value.Matrix) result.value()).series();
        assertThat(series).hasSizeLessThanOrEqualTo(1);
        series.forEach(one -> one.forEach(points::put));
        return points;
    }

    private static List<VectorSample> samples(QueryResult result) {
        return ((Value.Vector) result.value()).samples();
    }

    @Test
    void givesAVectorOfTheNewestSamples() {
        load("up", "a", MINUTE, 1, 0, 1);
        load("up", "b", MINUTE, 0, 0, 0);
        assertThat(samples(engine.instant(storage, "up", 2 * MINUTE)))
                .containsExactlyInAnyOrder(
                        new VectorSample(Labels.of("__name__", "up", "instance", "a"), 2 * MINUTE, 1),
                        new VectorSample(Labels.of("__name__", "up", "instance", "b"), 2 * MINUTE, 0));
    }

    @Test
    void givesScalarsStringsAndRangeVectors() {
        load("up", "a", MINUTE, 1, 0, 1);
        assertThat(engine.instant(storage, "1 + 2", 5).value()).isEqualTo(new Value.Scalar(5, 3));
        assertThat(engine.instant(storage, "\"x\"", 5).value()).isEqualTo(new Value.Text(5, "x"));
        assertThat(points(engine.instant(storage, "up[2m]", 2 * MINUTE)))
                .isEqualTo(Map.of(MINUTE, 0.0, 2 * MINUTE, 1.0));
        assertThat(points(engine.range(storage, "time()", 1000, 3000, 1000)))
                .isEqualTo(Map.of(1000L, 1.0, 2000L, 2.0, 3000L, 3.0));
    }

    @Test
    void sortsTheSeriesOfARangeByLabels() {
        load("up", "b", MINUTE, 1);
        load("up", "a", MINUTE, 1);
        load("down", "c", MINUTE, 1);
        Value.Matrix matrix = (Value.Matrix) engine.range(storage, "{__name__=~\"up|down\"} or vector(1)", 0, 0, MINUTE)
                .value();
        List<Labels> labels = matrix.series().stream().map(MatrixSeries::labels).toList();
        assertThat(labels).hasSize(4).isSorted();
    }

    @Test
    void looksBackAsFarAsIsConfiguredButNotToTheBound() {
        load("up", "a", MINUTE, 7);
        assertThat(points(engine.range(storage, "up", 0, 6 * MINUTE, MINUTE)).keySet())
                .containsExactly(0L, MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE);
        QueryOptions shorter = new QueryOptions(Duration.ofMinutes(2), null);
        assertThat(points(engine.range(storage, "up", 0, 6 * MINUTE, MINUTE, shorter))
                        .keySet())
                .containsExactly(0L, MINUTE);
    }

    @Test
    void endsASeriesAtAStalenessMarker() {
        load("up", "a", MINUTE, 1, StalenessMarker.VALUE, StalenessMarker.NORMAL_NAN, 3);
        assertThat(points(engine.range(storage, "up", 0, 3 * MINUTE, MINUTE)))
                .isEqualTo(Map.of(0L, 1.0, 2 * MINUTE, Double.NaN, 3 * MINUTE, 3.0));
        assertThat(points(engine.range(storage, "count_over_time(up[10m])", 3 * MINUTE, 3 * MINUTE, MINUTE)))
                .as("markers are no samples of a range")
                .isEqualTo(Map.of(3 * MINUTE, 3.0));
    }

    @Test
    void evaluatesWhatDoesNotDependOnTheStepOnce() {
        load("up", "a", MINUTE, 1, 2, 3);
        QueryResult result = engine.range(storage, "rate(up[2m] @ 120) + up @ end()", 0, 2 * MINUTE, 1000);
        assertThat(points(result)).hasSize(121);
        assertThat(result.statistics().samplesRead()).isEqualTo(2 + 1);
        assertThat(result.statistics().readPerStep()).startsWith(2 + 1, 0, 0);
        assertThat(result.statistics().queryableSamples()).isEqualTo((2 + 1) * 121);
    }

    @Test
    void holdsOneSeriesAtATimeWhileItAggregates() {
        for (int i = 0; i < 500; i++) {
            load("up", "i" + i, MINUTE, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        }
        QueryResult sum = engine.range(storage, "sum(rate(up[2m]))", 0, 10 * MINUTE, MINUTE);
        assertThat(sum.statistics().peakSamples()).isLessThan(60);
        QueryResult all = engine.range(storage, "rate(up[2m])", 0, 10 * MINUTE, MINUTE);
        assertThat(all.statistics().peakSamples()).isGreaterThan(4000);
    }

    @Test
    void countsTheSamplesThatStepsLookAt() {
        load("up", "a", MINUTE, 1, 1, 1, 1);
        assertThat(engine.range(storage, "up", 0, 3 * MINUTE, MINUTE)
                        .statistics()
                        .queryableSamples())
                .isEqualTo(4);
        assertThat(engine.range(storage, "sum_over_time(up[2m])", 0, 3 * MINUTE, MINUTE)
                        .statistics()
                        .queryableSamples())
                .isEqualTo(1 + 2 + 2 + 2);
    }

    @Test
    void namesTheLimitOfSamplesAndTheFigure() {
        load("up", "a", MINUTE, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        PromqlEngine small = engine(PromqlEngineConfig.defaults().withMaxSamples(10));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> small.instant(storage, "up[20m]", 10 * MINUTE))
                .withMessage("query processing would load too many samples into memory in query execution: at least"
                        + " 11, the limit is 10")
                .matches(e -> e.kind() == QueryException.Kind.EXECUTION);
        assertThatThrownBy(() -> small.range(storage, "1", 0, 10 * MINUTE, MINUTE))
                .hasMessageContaining("too many steps, found 11")
                .hasMessageContaining("at most 10");
    }

    @Test
    void stopsAtTheTimeLimitAndNamesIt() {
        for (int i = 0; i < 10; i++) {
            load("up", "i" + i, MINUTE, 1);
        }
        AtomicLong readings = new AtomicLong();
        PromqlEngine slow = new PromqlEngine(
                PromqlEngineConfig.defaults().withTimeout(Duration.ofSeconds(3)),
                () -> readings.incrementAndGet() * 1_000_000_000L);
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> slow.instant(storage, "up", 0))
                .withMessage("query timed out in expression evaluation: it took longer than 3.0 s")
                .matches(e -> e.kind() == QueryException.Kind.TIMEOUT);
        assertThatThrownBy(() -> slow.instant(storage, "up", 0, new QueryOptions(null, Duration.ofSeconds(2))))
                .as("the shorter limit of the query's own")
                .hasMessageEndingWith("longer than 2.0 s");
        assertThatThrownBy(() -> slow.instant(storage, "up", 0, new QueryOptions(null, Duration.ofHours(2))))
                .as("a longer limit than the engine's does not count")
                .hasMessageEndingWith("longer than 3.0 s");
    }

    @Test
    void stopsWhenTheThreadIsInterrupted() {
        load("up", "a", MINUTE, 1);
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> engine.instant(storage, "up", 0))
                    .matches(e -> e.kind() == QueryException.Kind.CANCELED);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("the interruption goes on")
                    .isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void letsNoMoreQueriesRunThanItMay() throws InterruptedException {
        PromqlEngine narrow =
                engine(PromqlEngineConfig.defaults().withMaxConcurrency(1).withTimeout(Duration.ofMillis(10)));
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread first = Thread.ofVirtual()
                .start(() -> narrow.instant(
                        (mintMs, maxtMs) -> {
                            running.countDown();
                            try {
                                enough.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            return storage.querier(mintMs, maxtMs);
                        },
                        "up",
                        0));
        running.await();
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> narrow.instant(storage, "up", 0))
                .withMessage("query timed out in query queue: 1 queries ran for 0.01 s")
                .matches(e -> e.kind() == QueryException.Kind.TIMEOUT);
        enough.countDown();
        first.join();
        assertThat(samples(narrow.instant(storage, "up", 0))).isEmpty();
    }

    @Test
    void refusesQueriesOnceClosed() {
        engine.close();
        assertThatThrownBy(() -> engine.instant(storage, "1", 0)).hasMessage("query engine is closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "up[5m]", "up[5m:1m]"})
    void rangesTakeScalarsAndVectorsOnly(String query) {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> engine.range(storage, query, 0, MINUTE, MINUTE))
                .withMessageStartingWith("invalid expression type")
                .withMessageEndingWith("for range query, must be Scalar or instant Vector")
                .matches(e -> e.kind() == QueryException.Kind.BAD_QUERY);
    }

    @Test
    void refusesARangeThatIsNone() {
        assertThatThrownBy(() -> engine.range(storage, "1", 0, 10, 0)).hasMessageContaining("found 0 ms");
        assertThatThrownBy(() -> engine.range(storage, "1", 10, 0, 5)).hasMessageContaining("before the start");
    }

    @Test
    void saysWhereAQueryIsWrong() {
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> engine.instant(storage, "sum(\n  rate(up))", 0))
                .withMessage("2:8: parse error: expected type range vector in call to function \"rate\", got instant"
                        + " vector");
        assertThatThrownBy(() -> engine.parse("\"é\" $")).hasMessageStartingWith("1:6: parse error:");
    }

    @Test
    void refusesQueriesThatWouldOverflowTheStack() {
        assertThat(engine.instant(storage, "(".repeat(400) + "1" + ")".repeat(400), 0)
                        .value())
                .isEqualTo(new Value.Scalar(0, 1));
        assertThat(engine.instant(storage, "1" + " + 1".repeat(1000), 0).value())
                .isEqualTo(new Value.Scalar(0, 1001));
        for (String query : List.of("(".repeat(100_000), "-".repeat(100_000) + "1", "abs(".repeat(100_000))) {
            assertThatThrownBy(() -> engine.parse(query)).hasMessageContaining("nested too deep; at most 500 levels");
        }
        assertThatThrownBy(() -> engine.parse("1" + " + 1".repeat(100_000)))
                .hasMessageContaining("too many binary operators in a row; at most 1000");
        assertThatThrownBy(() -> engine.parse("1" + " ^ 1".repeat(100_000))).hasMessageContaining("nested too deep");
        assertThatThrownBy(() -> engine.parse("up[" + "(".repeat(100_000))).isInstanceOf(PromqlParseException.class);
        assertThatThrownBy(() -> engine.parse("up offset " + "-".repeat(100_000) + "5m"))
                .isInstanceOf(PromqlParseException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limitk(1, up)",
                "sort_by_label(up, \"a\")",
                "up + fill(0) up",
                "rate(up[5m] anchored)",
                "max_of(1, 2)",
            })
    void refusesExperimentsThatAreNotEnabled(String query) {
        assertThatThrownBy(() -> engine.parse(query))
                .hasMessageMatching("1:1: .*(is not enabled|are experimental and not enabled"
                        + "|must be enabled with --enable-feature=promql-experimental-functions)"
                        + "(; expected --enable-feature=promql-[a-z-]+)?"
                        + "|1:6: parse error: anchored modifier is experimental and not enabled"
                        + "; expected --enable-feature=promql-extended-range-selectors");
    }

    @ParameterizedTest
    @CsvSource({
        "up[5m - 10m], 3:11: duration must be greater than 0",
        "up offset (2^70), 11:15: duration is out of range",
        "up[2h ^ 22h], 3:11: duration is NaN or infinite",
        "up[1h / (1 - 1)], 3:15: duration is NaN or infinite",
        "up[5m:2h ^ 22h], 6:14: duration is NaN or infinite",
    })
    void refusesComputedDurationsThatAreNone(String query, String message) {
        load("up", "a", MINUTE, 1, 2);
        assertThatThrownBy(() -> engine.instant(storage, query, MINUTE))
                .isInstanceOfSatisfying(QueryException.class, e -> {
                    assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_QUERY);
                    assertThat(e.getMessage()).isEqualTo(message);
                });
    }

    @Test
    void showsAnnotationsOnceAndNotTooMany() {
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 25; i++) {
            load("gauge" + i, "a", MINUTE, 1, 2);
            load("gauge" + i, "b", MINUTE, 1, 2);
            names.add("rate(gauge" + i + "[5m])");
        }
        assertThat(engine.instant(storage, names.getFirst(), MINUTE)
                        .annotations()
                        .infos())
                .containsExactly("PromQL info: metric might not be a counter, name does not end in"
                        + " _total/_sum/_count/_bucket: \"gauge10\" (1:6)");
        assertThat(engine.instant(storage, String.join(" or ", names), MINUTE)
                        .annotations()
                        .infos())
                .hasSize(11)
                .last()
                .isEqualTo("5 more info annotations omitted");
    }

    @Test
    void evaluatesPreparedQueriesManyTimes() {
        load("up", "a", MINUTE, 1, 2);
        PreparedQuery query = engine.prepare("rate(up[5m]) > 0");
        assertThat(samples(engine.instant(storage, query, MINUTE))).hasSize(1);
        assertThat(engine.instant(storage, query, MINUTE).annotations().infos())
                .singleElement()
                .asString()
                .endsWith("(1:6)");
    }

    @Test
    void namesTheSeriesThatMatchTwice() {
        load("left", "a", MINUTE, 1);
        load("right", "b", MINUTE, 1);
        load("right", "a", MINUTE, 1);
        assertThatThrownBy(() -> engine.instant(storage, "left + on () right", 0))
                .hasMessage("found duplicate series for the match group {} on the right hand-side of the operation:"
                        + " [{__name__=\"right\", instance=\"a\"}, {__name__=\"right\", instance=\"b\"}];many-to-many"
                        + " matching not allowed: matching labels must be unique on one side");
        assertThatThrownBy(() -> engine.instant(storage, "right + on () left", 0))
                .hasMessage("multiple matches for labels: many-to-one matching must be explicit"
                        + " (group_left/group_right)");
        assertThat(samples(engine.instant(storage, "missing + on () right", 0)))
                .as("nothing to match, nothing wrong")
                .isEmpty();
    }

    @Test
    void matchesSeriesThatFollowEachOther() {
        load("metric", "a", MINUTE, 1, 1, 1, 1);
        storage.add(Labels.of("__name__", "build", "instance", "a", "version", "1"), 0, 1);
        storage.add(Labels.of("__name__", "build", "instance", "a", "version", "1"), 2 * MINUTE, StalenessMarker.VALUE);
        storage.add(Labels.of("__name__", "build", "instance", "a", "version", "2"), 2 * MINUTE, 1);
        Value.Matrix matrix = (Value.Matrix)
                engine.range(storage, "metric * on (instance) group_left (version) build", 0, 3 * MINUTE, MINUTE)
                        .value();
        assertThat(matrix.series())
                .extracting(series -> series.labels().get("version"), MatrixSeries::size)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("1", 2), org.assertj.core.groups.Tuple.tuple("2", 2));
    }

    @Test
    void dropsTypeAndUnitWithTheName() {
        storage.add(Labels.of("__name__", "m", "__type__", "gauge", "__unit__", "s", "a", "b"), MINUTE, 1);
        storage.add(Labels.of("__name__", "t", "__type__", "gauge", "a", "b"), MINUTE, 1);
        storage.add(Labels.of("__name__", "t", "__type__", "counter", "a", "b"), MINUTE, 1);
        Value.Vector negated =
                (Value.Vector) engine.instant(storage, "-m", MINUTE).value();
        assertThat(negated.samples().getFirst().labels()).isEqualTo(Labels.of("a", "b"));
        Value.Vector kept = (Value.Vector)
                engine.instant(storage, "sum without (a) (m)", MINUTE).value();
        assertThat(kept.samples().getFirst().labels()).isEqualTo(Labels.of("__type__", "gauge", "__unit__", "s"));
        assertThatThrownBy(() -> engine.instant(storage, "-t", MINUTE))
                .hasMessage("vector cannot contain metrics with the same labelset");
    }

    @Test
    void tellsCountersByTypeWhereSeriesHaveTypes() {
        storage.add(Labels.of("__name__", "m_total", "__type__", "gauge"), 0, 1);
        storage.add(Labels.of("__name__", "m_total", "__type__", "gauge"), MINUTE, 2);
        PromqlEngine typed =
                engine(PromqlEngineConfig.defaults().withFeatures(EnumSet.of(PromqlFeature.TYPE_AND_UNIT_LABELS)));
        assertThat(typed.instant(storage, "rate(m_total[5m])", MINUTE)
                        .annotations()
                        .infos())
                .containsExactly("PromQL info: metric might not be a counter, __type__ label is not set to \"counter\""
                        + " or \"histogram\", got \"gauge\": \"m_total\" (1:6)");
    }

    @Test
    void warnsOfSortingInASubqueryOfOneStepThatEndsLater() {
        load("up", "a", MINUTE, 1, 2);
        assertThat(engine.instant(storage, "sum_over_time((sort(up))[1m:])", MINUTE + 1000)
                        .annotations()
                        .warnings())
                .containsExactly("PromQL warning: sort is ineffective for range queries since results are always"
                        + " ordered by labels (1:16)");
        assertThat(engine.instant(storage, "sum_over_time((sort(up))[1m:])", MINUTE)
                        .annotations()
                        .warnings())
                .isEmpty();
    }

    /** As a real Prometheus does: the better value replaces that of the series which came first. */
    @Test
    void topkKeepsTheLaterOfEqualSeriesWhenABetterOneComes() {
        load("x", "a", MINUTE, 1);
        load("x", "b", MINUTE, 1);
        load("x", "c", MINUTE, 2);
        load("x", "d", MINUTE, 1);
        assertThat(instances("topk(2, x)")).containsExactly("c", "b");
        assertThat(instances("bottomk(2, -x)")).containsExactly("c", "b");
        assertThat(instances("topk(1, x)")).containsExactly("c");
        assertThat(instances("topk(3, x)")).containsExactly("c", "a", "b");
    }

    private List<String> instances(String query) {
        Value.Vector vector = (Value.Vector) engine.instant(storage, query, 0).value();
        return vector.samples().stream()
                .map(sample -> sample.labels().getOrEmpty("instance"))
                .toList();
    }
}
