// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.promql.PreparedQuery;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.PromqlParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Parses queries and keeps them while they are asked again and again, as rules and dashboards do. Safe for many threads. */
public final class PreparedQueries {
    private final Supplier<PromqlEngine> engine;
    private final int longest;

    /** Guarded by itself; the query used longest ago goes first. */
    private final Map<String, PreparedQuery> kept;

    /**
     * Makes an empty cache.
     *
     * @param most how many are kept
     * @param longest characters of the longest query that is kept
     */
    public PreparedQueries(Supplier<PromqlEngine> engine, int most, int longest) {
        this.engine = engine;
        this.longest = longest;
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, PreparedQuery> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * A query, parsed and checked.
     *
     * @throws PromqlParseException when it is not valid
     */
    public PreparedQuery get(String text) {
        if (text.length() > longest) {
            return engine.get().prepare(text);
        }
        synchronized (kept) {
            PreparedQuery known = kept.get(text);
            if (known != null) {
                return known;
            }
        }
        PreparedQuery prepared = engine.get().prepare(text);
        synchronized (kept) {
            kept.put(text, prepared);
        }
        return prepared;
    }
}
