// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A float and a native histogram that get the same labels: a range query shows both, as Prometheus does. */
class FloatsBesideHistogramsTest {
    private static final long MINUTE = 60_000;

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void rangeQueryShowsBoth() {
        for (int i = 0; i < 3; i++) {
            storage.add(Labels.of("__name__", "m", "i", "0"), i * MINUTE, i);
        }
        storage.add(
                Labels.of("__name__", "m", "i", "1"),
                MINUTE,
                FloatHistogram.empty(0, 0, List.of()).withSum(7));
        storage.add(
                Labels.of("__name__", "m", "i", "1"),
                7 * MINUTE,
                FloatHistogram.empty(0, 0, List.of()).withSum(8));
        List<String> points = points("label_replace(m, \"i\", \"x\", \"i\", \".*\")");
        assertThat(points)
                .containsExactly(
                        "0 0.0",
                        "1 1.0",
                        "2 2.0",
                        "3 2.0",
                        "4 2.0",
                        "5 2.0",
                        "6 2.0",
                        "1 sum 7.0",
                        "2 sum 7.0",
                        "3 sum 7.0",
                        "4 sum 7.0",
                        "5 sum 7.0",
                        "7 sum 8.0");
        assertThat(points("sum(label_replace(m, \"i\", \"x\", \"i\", \".*\"))"))
                .as("what looks at both sees the float")
                .containsExactly("0 0.0", "1 1.0", "2 2.0", "3 2.0", "4 2.0", "5 2.0", "6 2.0", "7 sum 8.0");
    }

    private List<String> points(String query) {
        PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), () -> 0);
        Value.Matrix matrix = (Value.Matrix)
                engine.range(storage, query, 0, 7 * MINUTE, MINUTE).value();
        assertThat(matrix.series()).hasSize(1);
        MatrixSeries series = matrix.series().getFirst();
        List<String> points = new ArrayList<>();
        series.forEach((timestampMs, value) -> points.add(timestampMs / MINUTE + " " + value));
        series.forEachHistogram(
                (timestampMs, histogram) -> points.add(timestampMs / MINUTE + " sum " + histogram.sum()));
        assertThat(series.size()).isEqualTo(points.size());
        return points;
    }
}
