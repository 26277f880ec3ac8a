// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParseException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How many of the queries of each kind, by what is outermost in them, fail or have an answer without series. */
final class Kinds {
    private final Map<String, Count> counts = new TreeMap<>();

    private record Count(int all, int failed, int empty) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(all + other.all, failed + other.failed, empty + other.empty);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%d (%.1f %% failed, %.1f %% empty)", all, failed * 100.0 / all, empty * 100.0 / all);
        }
    }

    void add(PromqlEngine engine, String query, Answer answer) {
        boolean empty = !answer.isFailed() && answer.series().isEmpty();
        counts.merge(kind(engine, query), new Count(1, answer.isFailed() ? 1 : 0, empty ? 1 : 0), Count::plus);
    }

    private static String kind(PromqlEngine engine, String query) {
        try {
            return kind(engine.parse(query));
        } catch (PromqlParseException _) {
            return "unreadable";
        }
    }

    private static String kind(Expr expr) {
        return switch (expr.withoutParens()) {
            case Expr.Call call -> call.function().name();
            case Expr.Aggregation aggregation -> aggregation.op().text();
            case Expr.Binary binary -> binary.op().symbol();
            case Expr other -> other.getClass().getSimpleName();
        };
    }

    /** Of all kinds together. */
    @Override
    public String toString() {
        return counts.values().stream().reduce(Count.NONE, Count::plus).toString();
    }

    /** Of each kind, a line each. */
    String each() {
        StringBuilder lines = new StringBuilder();
        counts.forEach(
                (kind, count) -> lines.append("\n  ").append(kind).append(": ").append(count));
        return lines.toString();
    }
}
