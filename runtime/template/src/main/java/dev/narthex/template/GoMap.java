// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A map from strings, iterated in the order of its keys.
 *
 * @param goType its type in Go
 * @param entries what is in it
 * @param missing the value of a key that is not there
 */
public record GoMap(
        String goType,
        SortedMap<String, @Nullable Object> entries,
        @Nullable Object missing) implements GoValue {
    public GoMap {
        entries = Collections.unmodifiableSortedMap(entries);
    }

    /** A {@code map[string]string} of a label set. */
    public static GoMap of(Labels labels) {
        SortedMap<String, @Nullable Object> entries = new TreeMap<>(Utf8Order.COMPARATOR);
        for (int i = 0; i < labels.size(); i++) {
            entries.put(labels.name(i), labels.value(i));
        }
        return new GoMap("map[string]string", entries, "");
    }

    /** A {@code map[string]interface {}}. */
    public static GoMap ofAny(Map<String, @Nullable Object> values) {
        SortedMap<String, @Nullable Object> entries = new TreeMap<>(Utf8Order.COMPARATOR);
        entries.putAll(values);
        return new GoMap("map[string]interface {}", entries, null);
    }

    @Nullable
    Object get(String key) {
        return entries.containsKey(key) ? entries.get(key) : missing;
    }
}
