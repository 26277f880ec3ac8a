// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.Value;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoOfManySeriesTest {
    /** With few instances they are asked for by name, with many not. */
    @ParameterizedTest
    @ValueSource(ints = {2, 1500})
    void onlyInfoSeriesOfTheInstancesAreLookedAt(int instances) {
        MemoryStorage storage = new MemoryStorage();
        for (int i = 0; i < instances; i++) {
            storage.add(Labels.of("__name__", "up", "instance", "i" + i, "job", "j"), 0, 1);
            storage.add(
                    Labels.of("__name__", "target_info", "instance", "i" + i, "job", "j", "version", "v" + i), 0, 1);
        }
        // Two of one identity at once would be an error.
        for (String version : new String[] {"a", "b"}) {
            storage.add(
                    Labels.of("__name__", "target_info", "instance", "other", "job", "j", "version", version), 0, 1);
        }
        PromqlEngine engine = new PromqlEngine(
                PromqlEngineConfig.defaults().withFeatures(Set.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS)), () -> 0);
        Value.Vector result =
                (Value.Vector) engine.instant(storage, "info(up)", 0).value();
        assertThat(result.samples())
                .hasSize(instances)
                .allSatisfy(sample -> assertThat(sample.labels().getOrEmpty("version"))
                        .isEqualTo("v" + sample.labels().getOrEmpty("instance").substring(1)));
    }
}
