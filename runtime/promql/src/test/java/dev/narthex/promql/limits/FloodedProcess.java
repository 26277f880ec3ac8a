// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What {@link FloodedHeapIT} starts with a small heap: evaluates queries that would take many times the heap, four at a
 * time, within the shares that the server gives them, and prints what became of each.
 */
final class FloodedProcess {
    static final String REFUSED = "refused";
    private static final long HOUR = 3_600_000;
    private static final int THREADS = 4;
    private static final int SERIES = 100_000;

    private FloodedProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        long heap = Runtime.getRuntime().maxMemory();
        MemoryAccount account = new MemoryAccount(heap / 4);
        PromqlEngine engine = new PromqlEngine(
                PromqlEngineConfig.defaults()
                        .withMemory(heap / 5, account)
                        .withFeatures(EnumSet.allOf(PromqlFeature.class)),
                () -> 0);
        GeneratedSeries storage = new GeneratedSeries(
                Map.of(
                        "flood", SERIES,
                        "flood2", SERIES,
                        "target_info", SERIES,
                        "bflood", SERIES,
                        "hflood", SERIES,
                        "long", 1,
                        "few", 3),
                () -> {});
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<String>> outcomes = new ArrayList<>();
            for (String query : FloodedQueries.ALL) {
                outcomes.add(threads.submit(() -> outcome(engine, storage, query)));
                outcomes.add(threads.submit(() -> outcome(engine, storage, "sum(rate(few[5m]))")));
            }
            for (Future<String> outcome : outcomes) {
                System.out.println(await(outcome));
            }
        }
        System.out.println("held " + account.bytes());
    }

    private static String await(Future<String> outcome) throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            return "failed: " + e.getCause();
        }
    }

    private static String outcome(PromqlEngine engine, GeneratedSeries storage, String query) {
        boolean instant = query.endsWith("]") || query.startsWith("sort");
        try {
            if (query.contains("long")) {
                engine.instant(storage, query, TimeUnit.DAYS.toMillis(5 * 365));
            } else if (instant) {
                engine.instant(storage, query, HOUR);
            } else {
                engine.range(storage, query, HOUR, 2 * HOUR, 4 * GeneratedSeries.INTERVAL_MS);
            }
            return "answered: " + query;
        } catch (QueryException e) {
            return (String.valueOf(e.getMessage()).contains("too much memory") ? REFUSED : "error") + ": " + query
                    + ": " + e.getMessage();
        }
    }
}
