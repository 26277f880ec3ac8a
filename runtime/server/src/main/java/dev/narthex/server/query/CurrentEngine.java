// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.config.Configuration;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.server.configuration.ConfigurationConsumer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The engine that queries run on. The resolution of subqueries that name none is the evaluation interval of the
 * configuration, so a configuration with another one brings another engine; queries that run go on with theirs.
 */
public final class CurrentEngine implements Supplier<PromqlEngine>, ConfigurationConsumer {
    private final Ticker ticker;
    private volatile PromqlEngine engine;

    public CurrentEngine(PromqlEngineConfig config, Ticker ticker) {
        this.ticker = ticker;
        this.engine = new PromqlEngine(config, ticker);
    }

    @Override
    public PromqlEngine get() {
        return engine;
    }

    @Override
    public void apply(Configuration configuration) {
        Duration interval = configuration.prometheus().global().evaluationInterval();
        PromqlEngineConfig config = engine.config();
        if (!interval.equals(config.defaultResolution())) {
            engine = new PromqlEngine(config.withDefaultResolution(interval), ticker);
        }
    }
}
