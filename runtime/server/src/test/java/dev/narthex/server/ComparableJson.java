// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON of two servers in a form in which neither the order of what has none nor the moment it was asked has a part. */
final class ComparableJson {
    /** Members that tell how long something took or when it was; {@code peakSamples} is our own. */
    private static final Set<String> OF_A_MOMENT = Set.of(
            "timings",
            "peakSamples",
            "evaluationTime",
            "lastEvaluation",
            "activeAt",
            "lastScrape",
            "lastScrapeDuration");

    private ComparableJson() {}

    /**
     * Series, metadata, counts by name, alerts of several groups, and what {@code count_values("v", ...)} gives: Prometheus' order
     * differs from time to time.
     */
    private static boolean comesInNoOrder(Map<?, ?> members) {
        return members.containsKey("__name__")
                || members.keySet().equals(Set.of("help", "metric", "target", "type", "unit"))
                || members.keySet().equals(Set.of("annotations", "labels", "state", "value"))
                || members.keySet().equals(Set.of("name", "value"))
                || (members.get("metric") instanceof Map<?, ?> metric
                        && metric.keySet().equals(Set.of("v")));
    }

    /** The same with members sorted, and with what comes in no order (series, equal counts) sorted too. */
    static Object of(@Nullable Object json) {
        return switch (json) {
            case JsonObject object -> {
                TreeMap<String, Object> members = new TreeMap<>();
                object.forEach(member -> {
                    if (!OF_A_MOMENT.contains(member.getKey())) {
                        members.put(member.getKey(), of(member.getValue()));
                    }
                });
                yield members;
            }
            case JsonArray array -> {
                List<Object> elements = new ArrayList<>();
                array.forEach(element -> elements.add(of(element)));
                boolean unordered = elements.stream()
                        .allMatch(element -> element instanceof Map<?, ?> members && comesInNoOrder(members));
                if (unordered) {
                    elements.sort(Comparator.comparing(Object::toString));
                }
                yield elements;
            }
            case null -> "null";
            default -> json;
        };
    }
}
