// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a mapping, or of the mappings of a list, that are looked at where others are ignored.
 *
 * @param names those that are taken with all that they hold
 * @param inner those that hold such mappings themselves
 */
public record KnownFields(Set<String> names, Map<String, KnownFields> inner) {
    public KnownFields {
        names = Set.copyOf(names);
        inner = Map.copyOf(inner);
    }

    boolean has(String name) {
        return names.contains(name) || inner.containsKey(name);
    }

    @Nullable
    KnownFields of(String name) {
        return inner.get(name);
    }
}
