// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects labels for a {@link Labels}; setting an empty value removes the label. For use by one thread. */
public final class LabelsBuilder {
    private final TreeMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);

    public LabelsBuilder() {}

    LabelsBuilder(Labels start) {
        for (int i = 0; i < start.size(); i++) {
            labels.put(start.name(i), start.value(i));
        }
    }

    /**
     * Sets a label, replacing an earlier value; an empty value removes it.
     *
     * @throws IllegalArgumentException when the name is empty
     */
    public LabelsBuilder set(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("label set: empty label name");
        }
        if (value.isEmpty()) {
            labels.remove(name);
        } else {
            labels.put(name, value);
        }
        return this;
    }

    /** Sets a label only where the builder has none of that name. */
    public LabelsBuilder setIfAbsent(String name, String value) {
        return labels.containsKey(name) ? this : set(name, value);
    }

    /** Sets every label of a set, replacing earlier values. */
    public LabelsBuilder setAll(Labels other) {
        for (int i = 0; i < other.size(); i++) {
            labels.put(other.name(i), other.value(i));
        }
        return this;
    }

    public LabelsBuilder remove(String name) {
        labels.remove(name);
        return this;
    }

    public @Nullable String get(String name) {
        return labels.get(name);
    }

    public String getOrEmpty(String name) {
        return labels.getOrDefault(name, "");
    }

    public Labels build() {
        String[] entries = new String[2 * labels.size()];
        int at = 0;
        for (var label : labels.entrySet()) {
            entries[at++] = label.getKey();
            entries[at++] = label.getValue();
        }
        return Labels.ofSorted(entries);
    }
}
