// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramText;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.util.HashMap;
import java.util.Map;

/**
 * Native histograms of the HTTP API in the notation of test files. The API shows buckets with observations, not schemas and
 * bounds: these are taken from our own answer, where it has the same buckets with the same counts, or else concluded.
 */
final class HistogramAnswer {
    private final Map<Labels, Map<Long, FloatHistogram>> ours = new HashMap<>();

    private HistogramAnswer() {}

    static HistogramAnswer concluded() {
        return new HistogramAnswer();
    }

    /** With our own answer, which does not differ. */
    static HistogramAnswer of(PromqlEngine engine, MemoryStorage storage, Command.Eval eval) {
        HistogramAnswer answer = new HistogramAnswer();
        Value value;
        try {
            value = eval.isInstant()
                    ? engine.instant(storage, eval.query(), eval.startMs()).value()
                    : engine.range(storage, eval.query(), eval.startMs(), eval.endMs(), eval.stepMs())
                            .value();
        } catch (RuntimeException _) {
            return answer; // The real one fails, too.
        }
        if (value instanceof Value.Vector vector) {
            for (VectorSample sample : vector.samples()) {
                FloatHistogram histogram = sample.histogram();
                if (histogram != null) {
                    answer.put(sample.labels(), sample.timestampMs(), histogram);
                }
            }
        } else if (value instanceof Value.Matrix matrix) {
            for (MatrixSeries series : matrix.series()) {
                series.forEachHistogram(
                        (timestampMs, histogram) -> answer.put(series.labels(), timestampMs, histogram));
            }
        }
        return answer;
    }

    private void put(Labels labels, long timestampMs, FloatHistogram histogram) {
        ours.computeIfAbsent(labels, _ -> new HashMap<>()).put(timestampMs, histogram);
    }

    /**
     * A histogram in the notation of test files.
     *
     * @param metric the labels of the series
     */
    String text(JsonNode metric, long timestampMs, JsonNode histogram) {
        LabelsBuilder labels = Labels.builder();
        metric.propertyStream()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        FloatHistogram same = ours.getOrDefault(labels.build(), Map.of()).get(timestampMs);
        return same == null
                ? ConcludedHistogram.text(histogram)
                : HistogramText.test(same.withHint(CounterResetHint.UNKNOWN));
    }
}
