// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlPrinter;
import dev.narthex.rules.QueryFunction;
import java.util.List;

/** Reads expressions and evaluates none: for checks without a server. */
final class ExpressionSyntax implements QueryFunction {
    private final PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system());

    @Override
    public List<Sample> query(String expr, long timestampMs) {
        throw new IllegalArgumentException("a check evaluates nothing");
    }

    @Override
    public String normalize(String expr) {
        try {
            return PromqlPrinter.print(engine.parse(expr));
        } catch (PromqlParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
