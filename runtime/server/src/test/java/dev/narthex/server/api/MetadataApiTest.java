// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.scrape.TargetMetadata;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataApiTest {
    private static final Metadata COUNTER = new Metadata(MetricType.COUNTER, "", "All.");
    private static final Metadata GAUGE = new Metadata(MetricType.GAUGE, "bytes", "Now.");

    private final MetadataApi api = new MetadataApi(() -> List.of(
            new TargetMetadata(Labels.of("job", "a"), Map.of("x_total", COUNTER)),
            new TargetMetadata(Labels.of("job", "b"), Map.of("x_total", COUNTER)),
            new TargetMetadata(Labels.of("job", "c"), Map.of("x_total", GAUGE, "y", GAUGE))));

    private String metadata(String query) throws Exception {
        return Answers.text(api.metadata(Request.get("/api/v1/metadata", query)));
    }

    private String targets(String query) throws Exception {
        return Answers.text(api.targetMetadata(Request.get("/api/v1/targets/metadata", query)));
    }

    @Test
    void showsEachTextOfAFamilyOnce() throws Exception {
        assertThat(metadata(""))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"x_total\":["
                        + "{\"type\":\"counter\",\"help\":\"All.\",\"unit\":\"\"},"
                        + "{\"type\":\"gauge\",\"help\":\"Now.\",\"unit\":\"bytes\"}],"
                        + "\"y\":[{\"type\":\"gauge\",\"help\":\"Now.\",\"unit\":\"bytes\"}]}}");
        assertThat(metadata("limit=1")).doesNotContain("\"y\"");
        assertThat(metadata("limit=0")).contains("\"data\":{}");
        assertThat(metadata("metric=y")).doesNotContain("x_total").contains("\"y\"");
        assertThat(metadata("metric=x_total&limit_per_metric=1")).doesNotContain("gauge");
    }

    @Test
    void showsWhatTargetsSay() throws Exception {
        assertThat(targets("match_target={job=\"a\"}"))
                .isEqualTo("{\"status\":\"success\",\"data\":[{\"target\":{\"job\":\"a\"},\"metric\":\"x_total\","
                        + "\"type\":\"counter\",\"help\":\"All.\",\"unit\":\"\"}]}");
        assertThat(targets("metric=y"))
                .isEqualTo("{\"status\":\"success\",\"data\":[{\"target\":{\"job\":\"c\"},"
                        + "\"type\":\"gauge\",\"help\":\"Now.\",\"unit\":\"bytes\"}]}");
        assertThat(targets("limit=2")).contains("\"a\"", "\"b\"").doesNotContain("\"c\"");
        assertThat(targets("match_target=up")).endsWith("\"data\":[]}");
    }

    @Test
    void refusesParametersInPrometheusWords() {
        assertThat(catchThrowableOfType(ApiException.class, () -> metadata("limit=x"))
                        .text())
                .isEqualTo("limit must be a number");
        assertThat(catchThrowableOfType(ApiException.class, () -> metadata("limit_per_metric=x"))
                        .text())
                .isEqualTo("limit_per_metric must be a number");
        assertThat(catchThrowableOfType(ApiException.class, () -> targets("match_target={"))
                        .text())
                .isEqualTo(
                        "invalid parameter \"match_target\": 1:2: parse error: unexpected end of input inside braces");
    }
}
