// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.server.http.FormParameters;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.RequestBody;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those that a real Prometheus 3.5.3 gave for the same series, but for the timestamps. */
class FederationApiTest {
    private static final String ALL = "match[]={__name__!=\"\"}";

    private final QueryWorkers workers = new QueryWorkers(1);
    private final FederationApi api = new FederationApi(
            new MemorySeries(series()),
            workers,
            InstantSource.fixed(Instant.ofEpochMilli(60_500)),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            () -> Labels.of("b", "ext", "region", "eu"));

    private static Map<Labels, Double> series() {
        Map<Labels, Double> series = new LinkedHashMap<>();
        series.put(Labels.of("__name__", "zeta", "a", "x\"y\\z\nw", "b", "2", "instance", "i", "job", "j"), 1.5);
        series.put(Labels.of("__name__", "zeta", "b", "1", "job", "k"), Double.NaN);
        series.put(Labels.of("__name__", "alpha_total", "instance", "i", "job", "j"), 12345678901.0);
        series.put(Labels.of("__name__", "alpha_total", "exported_instance", "inner", "job", "k"), 3e22);
        series.put(Labels.of("__name__", "dotted.name", "instance", "i", "job", "j", "lab.el", "v"), 7.0);
        series.put(Labels.of("__name__", "a_b.c d\u00e9", "job", "k"), -0.00001);
        return series;
    }

    @AfterEach
    void close() {
        workers.close();
    }

    private Response federate(String query, String accept) throws InterruptedException {
        return api.federate(new Request(
                "GET",
                "/federate",
                FormParameters.parse("", query),
                Map.of(),
                Map.of("accept", accept),
                RequestBody.EMPTY));
    }

    @Test
    void writesTheNewestSampleOfEachSeries() throws Exception {
        Response response = federate(ALL, "");
        assertThat(response.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        assertThat(Answers.text(response)).isEqualTo("""
                        # TYPE a_b_c_d_ untyped
                        a_b_c_d_{job="k",b="ext",instance="",region="eu"} -1e-05 60000
                        # TYPE alpha_total untyped
                        alpha_total{exported_instance="inner",job="k",b="ext",instance="",region="eu"} 3e+22 60000
                        alpha_total{instance="i",job="j",b="ext",region="eu"} 1.2345678901e+10 60000
                        # TYPE dotted_name untyped
                        dotted_name{instance="i",job="j",lab_el="v",b="ext",region="eu"} 7 60000
                        # TYPE zeta untyped
                        zeta{a="x\\"y\\\\z\\nw",b="2",instance="i",job="j",region="eu"} 1.5 60000
                        zeta{b="1",job="k",instance="",region="eu"} NaN 60000
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain;version=1.0.0;escaping=allow-utf-8 | {\"dotted.name\",instance=\"i\",job=\"j\",\"lab.el\"=\"v\",",
                "text/plain;version=1.0.0;escaping=allow-utf-8 | # TYPE \"a_b.c d\u00e9\" untyped",
                "text/plain;escaping=dots | dotted_dot_name{instance=\"i\",job=\"j\",lab_dot_el=\"v\",",
                "text/plain;escaping=dots | # TYPE a__b_dot_c__d__ untyped",
                "text/plain;escaping=values | U__dotted_2e_name{instance=\"i\",job=\"j\",U__lab_2e_el=\"v\",",
                "text/plain;escaping=values | # TYPE U__a__b_2e_c_20_d_e9_ untyped",
                "application/openmetrics-text;version=1.0.0;escaping=values | # TYPE alpha_total untyped",
            })
    void escapesNamesAsTheRequestSays(String accept, String expected) throws Exception {
        assertThat(Answers.text(federate(ALL, accept))).contains(expected);
    }

    @Test
    void selectsAndRefuses() throws Exception {
        assertThat(Answers.text(federate("match[]=zeta{b=\"1\"}&match[]=zeta{job=\"k\"}", "")))
                .isEqualTo("# TYPE zeta untyped\nzeta{b=\"1\",job=\"k\",instance=\"\",region=\"eu\"} NaN 60000\n");
        assertThat(Answers.text(federate("", ""))).isEmpty();
        assertThat(Answers.text(federate("match[]=nothing", ""))).isEmpty();
        Response refused = federate("match[]=foo{", "");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Answers.text(refused)).isEqualTo("1:5: parse error: unexpected end of input inside braces\n");
    }
}
