// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of a real Prometheus 3.5; {@link dev.narthex.server.ApiDifferentialIT} compares with one. */
class QueryApiTest {
    private static final String UP_A = "{\"__name__\":\"up\",\"job\":\"a\"}";
    private static final String UP_B = "{\"__name__\":\"up\",\"job\":\"b\"}";

    private final QueryWorkers workers = new QueryWorkers(2);
    private final PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system());
    private final QueryApi api = new QueryApi(
            () -> engine,
            new MemorySeries(
                    Map.of(Labels.of("__name__", "up", "job", "a"), 1.0, Labels.of("__name__", "up", "job", "b"), 0.0)),
            workers,
            new QueryLog(new ManualClock()),
            new ManualClock());

    @AfterEach
    void close() {
        workers.close();
    }

    private String instant(String query) throws Exception {
        Response response = api.instant(Request.get("/api/v1/query", query));
        assertThat(response.status()).isEqualTo(200);
        return Answers.text(response);
    }

    private String range(String query) throws Exception {
        return Answers.text(api.range(Request.get("/api/v1/query_range", query)));
    }

    @Test
    void answersAVector() throws Exception {
        assertThat(instant("query=up&time=10.5"))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":" + UP_A
                        + ",\"value\":[10.500,\"1\"]},{\"metric\":" + UP_B + ",\"value\":[10.500,\"0\"]}]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | {\"resultType\":\"scalar\",\"result\":[1.5,\"1\"]}",
                "\"<&>\" | {\"resultType\":\"string\",\"result\":[1.5,\"\\u003c\\u0026\\u003e\"]}",
                "nope | {\"resultType\":\"vector\",\"result\":[]}",
            })
    void answersOtherTypes(String query, String data) throws Exception {
        String encoded = java.net.URLEncoder.encode(query, java.nio.charset.StandardCharsets.UTF_8);

        assertThat(instant("time=1.5&query=" + encoded)).isEqualTo("{\"status\":\"success\",\"data\":" + data + "}");
    }

    @Test
    void answersAMatrix() throws Exception {
        assertThat(range("query=up{job=\"a\"}&start=1&end=3&step=1"))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":" + UP_A
                        + ",\"values\":[[1,\"1\"],[2,\"1\"],[3,\"1\"]]}]}}");
    }

    /** The whole answers are those of a real Prometheus 3.15 to the same queries on the same samples. */
    @Test
    void answersNativeHistograms() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        Labels labels = Labels.of("__name__", "h");
        HistogramLayout layout = HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 2)), List.of());
        storage.add(labels, 1000, 7);
        storage.add(
                labels,
                2000,
                FloatHistogram.of(CounterResetHint.UNKNOWN, layout, 3, 0, 4.5, new double[] {1, 2}, new double[0]));
        QueryApi histograms =
                new QueryApi(() -> engine, storage, workers, new QueryLog(new ManualClock()), new ManualClock());

        assertThat(Answers.text(histograms.instant(Request.get("/api/v1/query", "query=h&time=3"))))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":"
                        + "{\"__name__\":\"h\"},\"histogram\":[3,{\"count\":\"3\",\"sum\":\"4.5\",\"buckets\":"
                        + "[[0,\"0.5\",\"1\",\"1\"],[0,\"1\",\"2\",\"2\"]]}]}]}}");
        assertThat(Answers.text(histograms.range(Request.get("/api/v1/query_range", "query=h&start=1&end=2&step=1"))))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
                        + "{\"__name__\":\"h\"},\"values\":[[1,\"7\"]],\"histograms\":[[2,{\"count\":\"3\",\"sum\":"
                        + "\"4.5\",\"buckets\":[[0,\"0.5\",\"1\",\"1\"],[0,\"1\",\"2\",\"2\"]]}]]}]}}");
    }

    @Test
    void cutsOffAtTheLimitAndSaysSo() throws Exception {
        assertThat(instant("query=up&time=1&limit=1"))
                .contains(UP_A)
                .doesNotContain(UP_B)
                .endsWith(",\"warnings\":[\"results truncated due to limit\"]}");
        assertThat(range("query=up&start=1&end=2&step=1&limit=1")).doesNotContain(UP_B);
        assertThat(instant("query=up&time=1&limit=2")).contains(UP_B).doesNotContain("warnings");
    }

    @Test
    void tellsStatisticsWhenAsked() throws Exception {
        assertThat(instant("query=up&time=1&stats=all"))
                .contains("\"stats\":{\"timings\":{\"evalTotalTime\":")
                .contains("\"samples\":{\"totalQueryableSamples\":2,\"samplesRead\":2,\"peakSamples\":");
        assertThat(instant("query=up&time=1")).doesNotContain("stats");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query= | BAD_DATA | invalid parameter \"query\": unknown position: parse error: no expression found in input",
                "query=up{ | BAD_DATA | invalid parameter \"query\": 1:4: parse error: unexpected end of input inside braces",
                "query=up&time=x | BAD_DATA | invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid timestamp",
                "query=up&timeout=x | BAD_DATA | invalid parameter \"timeout\": cannot parse \"x\" to a valid duration",
                "query=up&lookback_delta=x | BAD_DATA | error parsing lookback delta duration: cannot parse \"x\" to a valid duration",
                "query=up&limit=x | BAD_DATA | invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax",
                "query=up&limit=-1 | BAD_DATA | invalid parameter \"limit\": limit must be non-negative",
                "query=label_replace(up,\"a\",\"b\",\"c\",\"(\") | EXECUTION | invalid regular expression in label_replace(): (",
            })
    void refusesInstantQueriesInPrometheusWords(String query, String type, String message) {
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> api.instant(Request.get("/api/v1/query", query)));

        assertThat(refusal.type()).hasToString(type);
        assertThat(refusal.text()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query=up | invalid parameter \"start\": cannot parse \"\" to a valid timestamp",
                "query=up&start=1&end=2 | invalid parameter \"step\": cannot parse \"\" to a valid duration",
                "query=up&start=3&end=2&step=1 | invalid parameter \"end\": end timestamp must not be before start time",
                "query=up&start=1&end=2&step=0 | invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                "query=up&start=1&end=2000000&step=1 | exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
                "query=up[1m]&start=1&end=2&step=1 | invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector",
            })
    void refusesRangeQueriesInPrometheusWords(String query, String message) {
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> api.range(Request.get("/api/v1/query_range", query)));

        assertThat(refusal.text()).isEqualTo(message);
    }

    @Test
    void interruptsAQueryWhoseTimeIsOver() {
        assertThat(catchThrowableOfType(
                                dev.narthex.promql.value.QueryException.class,
                                () -> workers.evaluate(
                                        () -> {
                                            try {
                                                new java.util.concurrent.CountDownLatch(1).await();
                                            } catch (InterruptedException e) {
                                                Thread.currentThread().interrupt();
                                            }
                                            return 1;
                                        },
                                        Duration.ofMillis(10)))
                        .kind())
                .isEqualTo(dev.narthex.promql.value.QueryException.Kind.TIMEOUT);
        org.awaitility.Awaitility.await().until(() -> workers.active() == 0);
    }
}
