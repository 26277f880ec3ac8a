// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.model.Labels;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.FormParameters;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.RequestBody;
import dev.narthex.server.query.QueryWorkers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesApiTest {
    private final QueryWorkers workers = new QueryWorkers(1);
    private final MemorySeries storage = new MemorySeries(Map.of(
            Labels.of("__name__", "up", "job", "a"), 1.0,
            Labels.of("__name__", "up", "job", "b"), 1.0,
            Labels.of("__name__", "down", "zone", "z"), 1.0));
    private final SeriesApi api = new SeriesApi(storage, workers, Duration.ofSeconds(10));

    @AfterEach
    void close() {
        workers.close();
    }

    private String series(String query) throws Exception {
        return Answers.text(api.series(Request.get("/api/v1/series", query)));
    }

    private String values(String name, String query) throws Exception {
        return Answers.text(api.labelValues(new Request(
                "GET", "/", FormParameters.parse("", query), Map.of("name", name), Map.of(), RequestBody.EMPTY)));
    }

    @Test
    void findsSeriesOfAllSelectorsOnce() throws Exception {
        assertThat(series("match[]=up&match[]=up{job=\"a\"}&match[]=down"))
                .isEqualTo("{\"status\":\"success\",\"data\":[{\"__name__\":\"down\",\"zone\":\"z\"},"
                        + "{\"__name__\":\"up\",\"job\":\"a\"},{\"__name__\":\"up\",\"job\":\"b\"}]}");
        assertThat(series("match[]=up&limit=1"))
                .isEqualTo("{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"job\":\"a\"}],"
                        + "\"warnings\":[\"results truncated due to limit\"]}");
    }

    @Test
    void namesLabelsAndValues() throws Exception {
        assertThat(Answers.text(api.labelNames(Request.get("/", ""))))
                .isEqualTo("{\"status\":\"success\",\"data\":[\"__name__\",\"job\",\"zone\"]}");
        assertThat(Answers.text(api.labelNames(Request.get("/", "match[]=up&match[]=down&limit=2"))))
                .isEqualTo("{\"status\":\"success\",\"data\":[\"__name__\",\"job\"],"
                        + "\"warnings\":[\"results truncated due to limit\"]}");
        assertThat(values("job", "match[]=up{job=\"a\"}")).endsWith("\"data\":[\"a\"]}");
        assertThat(values("U__job", "")).endsWith("\"data\":[\"a\",\"b\"]}");
        assertThat(values("nope", "")).endsWith("\"data\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "U__a_2e_b, a.b",
        "U__a__b, a_b",
        "U__a_zz_, U__a_zz_",
        "U__a_2e, U__a_2e",
        "U__, ''",
        "plain_name, plain_name",
        "U__a_1234567_, U__a_1234567_",
    })
    void readsEscapedNames(String escaped, String plain) {
        assertThat(LabelNameEscaping.unescape(escaped)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x=1 | no match[] parameter provided",
                "match[]={ | invalid parameter \"match[]\": 1:2: parse error: unexpected end of input inside braces",
                "match[]=up&start=x | invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp",
                "match[]=up&limit=-5 | invalid parameter \"limit\": limit must be non-negative",
            })
    void refusesInPrometheusWords(String query, String message) {
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> api.series(Request.get("/api/v1/series", query)));

        assertThat(refusal.text()).isEqualTo(message);
    }

    @Test
    void countsWhatTheHeadHoldsMostOf() throws Exception {
        TsdbApi tsdb = new TsdbApi(Optional::empty, storage, workers, Duration.ofSeconds(10));

        assertThat(Answers.text(tsdb.tsdb(Request.get("/", "limit=1"))))
                .contains("\"seriesCountByMetricName\":[{\"name\":\"up\",\"value\":2}]")
                .contains("\"labelValueCountByLabelName\":[{\"name\":\"__name__\",\"value\":2}]")
                .contains("\"memoryInBytesByLabelName\":[{\"name\":\"__name__\",\"value\":38}]")
                .contains("\"seriesCountByLabelValuePair\":[{\"name\":\"__name__=up\",\"value\":2}]");
        assertThat(catchThrowableOfType(ApiException.class, () -> tsdb.tsdb(Request.get("/", "limit=0")))
                        .text())
                .isEqualTo("limit must be a positive number");
    }

    @Test
    void refusesAnEmptyLabelName() {
        assertThat(catchThrowableOfType(ApiException.class, () -> values("U__", ""))
                        .text())
                .isEqualTo("invalid label name: \"\"");
    }
}
