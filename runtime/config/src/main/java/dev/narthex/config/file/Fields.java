// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one mapping to be written. Which of them are left out depends on the form: where the tree is effective,
 * as Prometheus does it; otherwise those at their defaults.
 */
final class Fields {
    private final boolean effective;
    private final Map<String, Object> tree = new LinkedHashMap<>();

    Fields(boolean effective) {
        this.effective = effective;
    }

    /** A field that Prometheus always shows. */
    Fields always(String name, Object value, Object defaultValue) {
        if (effective || !value.equals(defaultValue)) {
            tree.put(name, value);
        }
        return this;
    }

    /** A field that both forms always show. */
    Fields put(String name, Object value) {
        tree.put(name, value);
        return this;
    }

    /** A field that Prometheus shows unless it is false, 0 or empty. */
    Fields given(String name, Object value, Object defaultValue) {
        boolean shown = effective ? !isZero(value) : !value.equals(defaultValue);
        if (shown) {
            tree.put(name, value);
        }
        return this;
    }

    /** A field that is left out when it is false, 0 or empty, in both forms. */
    Fields given(String name, @Nullable Object value) {
        if (value != null && !isZero(value)) {
            tree.put(name, value);
        }
        return this;
    }

    /** A duration that is left out when it is zero, in both forms. */
    Fields given(String name, Duration value) {
        if (!value.isZero()) {
            tree.put(name, PrometheusTree.duration(value));
        }
        return this;
    }

    /** The fields of another mapping, at this level. */
    Fields all(Map<String, Object> fields) {
        tree.putAll(fields);
        return this;
    }

    Map<String, Object> tree() {
        return tree;
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case Boolean flag -> !flag;
            case Number number -> number.doubleValue() == 0;
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            default -> false;
        };
    }
}
