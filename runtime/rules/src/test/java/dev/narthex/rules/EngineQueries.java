// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.value.Value;
import dev.narthex.storage.Queryable;
import java.util.List;

/** Expressions evaluated by the real engine. */
record EngineQueries(PromqlEngine engine, Queryable storage) implements QueryFunction {
    EngineQueries(Queryable storage) {
        this(new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system()), storage);
    }

    @Override
    public List<Sample> query(String expr, long timestampMs) {
        return switch (engine.instant(storage, expr, timestampMs).value()) {
            case Value.Vector vector ->
                vector.samples().stream()
                        .map(sample -> new Sample(
                                sample.labels(), sample.histogram() == null ? sample.value() : 0, sample.histogram()))
                        .toList();
            case Value.Scalar scalar -> List.of(new Sample(Labels.EMPTY, scalar.value()));
            case Value.Matrix _, Value.Text _ -> throw new IllegalArgumentException("no vector");
        };
    }
}
