// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.server.http.Request;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeaturesApiTest {
    private static JsonObject features(Set<PromqlFeature> promql) throws IOException {
        FeaturesApi api = new FeaturesApi(new FeaturesApi.Switches(
                true, false, true, false, false, false, false, promql, Set.of("dns", "static")));
        return new JsonObject(Answers.text(api.features(Request.get("/api/v1/features", "")))).getJsonObject("data");
    }

    @Test
    void whatIsExperimentalIsOffUntilItsFlagIsGiven() throws IOException {
        assertThat(features(Set.of()).getJsonObject("promql_functions").getBoolean("info"))
                .isFalse();
        JsonObject on = features(Set.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS));
        assertThat(on.getJsonObject("promql_functions").getBoolean("info")).isTrue();
        assertThat(on.getJsonObject("promql_operators").getBoolean("limitk")).isTrue();
        assertThat(on.getJsonObject("promql").getBoolean("anchored")).isFalse();
    }

    @Test
    void switchesAndDiscoveriesOfTheServerAreShown() throws IOException {
        JsonObject data = features(Set.of());
        assertThat(data.getJsonObject("api").getBoolean("admin")).isTrue();
        assertThat(data.getJsonObject("api").getBoolean("lifecycle")).isFalse();
        assertThat(data.getJsonObject("api").getBoolean("remote_write_receiver"))
                .isTrue();
        assertThat(data.getJsonObject("service_discovery_providers").fieldNames())
                .containsExactlyInAnyOrder("dns", "static");
    }
}
