// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.scrape.DroppedTargetView;
import dev.narthex.scrape.TargetView;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /api/v1/targets} and {@code /api/v1/scrape_pools}. */
public final class TargetsApi {
    private final Supplier<List<String>> pools;
    private final Supplier<List<TargetView>> active;
    private final Supplier<List<DroppedTargetView>> dropped;
    private final Supplier<Map<String, Integer>> droppedCounts;

    /** @param droppedCounts how many targets relabelling dropped, by job, whether the list holds them or not */
    public TargetsApi(
            Supplier<List<String>> pools,
            Supplier<List<TargetView>> active,
            Supplier<List<DroppedTargetView>> dropped,
            Supplier<Map<String, Integer>> droppedCounts) {
        this.pools = pools;
        this.active = active;
        this.dropped = dropped;
        this.droppedCounts = droppedCounts;
    }

    /** {@code GET /api/v1/scrape_pools}. */
    public Response scrapePools(Request request) {
        List<String> names = pools.get().stream().sorted().toList();
        return JsonEnvelope.success(
                json -> json.beginObject().name("scrapePools").strings(names).endObject());
    }

    /** {@code GET /api/v1/targets} with {@code state} and {@code scrapePool}. */
    public Response targets(Request request) {
        String state = request.parameter("state");
        String pool = request.parameter("scrapePool");
        boolean any = state.isEmpty() || state.equalsIgnoreCase("any");
        boolean showActive = any || state.equalsIgnoreCase("active");
        boolean showDropped = any || state.equalsIgnoreCase("dropped");
        List<TargetView> activeTargets = showActive
                ? active.get().stream()
                        .filter(target -> pool.isEmpty() || pool.equals(target.scrapePool()))
                        .sorted(Comparator.comparing(TargetView::scrapePool))
                        .toList()
                : List.of();
        List<DroppedTargetView> droppedTargets = showDropped
                ? dropped.get().stream()
                        .filter(target -> target.reason().isEmpty())
                        .filter(target -> pool.isEmpty() || pool.equals(target.scrapePool()))
                        .sorted(Comparator.comparing(DroppedTargetView::scrapePool))
                        .toList()
                : List.of();
        return JsonEnvelope.success(json -> {
            json.beginObject().name("activeTargets").beginArray();
            for (TargetView target : activeTargets) {
                write(json, target);
            }
            json.endArray().name("droppedTargets").beginArray();
            for (DroppedTargetView target : droppedTargets) {
                json.beginObject()
                        .name("discoveredLabels")
                        .labels(target.discoveredLabels())
                        .member("scrapePool", target.scrapePool())
                        .endObject();
            }
            json.endArray().name("droppedTargetCounts");
            if (showDropped) {
                counts(json);
            } else {
                json.nullValue();
            }
            json.endObject();
        });
    }

    private void counts(JsonWriter json) throws IOException {
        Map<String, Integer> counts = new TreeMap<>(droppedCounts.get());
        json.beginObject();
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            json.member(count.getKey(), count.getValue());
        }
        json.endObject();
    }

    private static void write(JsonWriter json, TargetView target) throws IOException {
        json.beginObject()
                .name("discoveredLabels")
                .labels(target.discoveredLabels())
                .name("labels")
                .labels(target.labels())
                .member("scrapePool", target.scrapePool())
                .member("scrapeUrl", target.scrapeUrl())
                .member("globalUrl", target.globalUrl())
                .member("lastError", target.lastError())
                .member("lastScrape", GoTime.format(target.lastScrape()))
                .member("lastScrapeDuration", GoTime.seconds(target.lastScrapeDuration()))
                .member("health", target.health().text())
                .member("scrapeInterval", target.writtenInterval())
                .member("scrapeTimeout", target.writtenTimeout())
                .endObject();
    }
}
