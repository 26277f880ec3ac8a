// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Utf8Order;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The labels of a series as they were sent, before it is known whether they are any. For one thread, reused. */
final class LabelParts {
    private static final String REPLACEMENT = "\ufffd";

    private record Part(String name, String value) {}

    private Part[] parts = new Part[32];
    private int count;
    private boolean textIsWhole;

    void clear() {
        count = 0;
        textIsWhole = true;
    }

    /** Adds a label; null stands for bytes that are no UTF-8. */
    void add(@Nullable String name, @Nullable String value) {
        if (count == parts.length) {
            parts = Arrays.copyOf(parts, 2 * count);
        }
        textIsWhole &= name != null && value != null;
        parts[count++] = new Part(name == null ? REPLACEMENT : name, value == null ? REPLACEMENT : value);
    }

    /** The memory of what was sent, but for the texts. */
    long heldBytes() {
        return 32L * parts.length;
    }

    /** Sorts them by name; they are then looked at. */
    void sort() {
        Arrays.sort(parts, 0, count, (a, b) -> Utf8Order.compare(a.name, b.name));
    }

    /** Whether there is a metric name and every name and value can be one. */
    boolean isValid() {
        boolean named = false;
        for (int i = 0; i < count; i++) {
            Part part = parts[i];
            if (part.name.isEmpty()) {
                return false;
            }
            named |= part.name.equals(Labels.METRIC_NAME) && !part.value.isEmpty();
        }
        return named && textIsWhole;
    }

    /** A name that occurs twice, null where there is none. */
    @Nullable
    String duplicate() {
        for (int i = 1; i < count; i++) {
            if (parts[i].name.equals(parts[i - 1].name)) {
                return parts[i].name;
            }
        }
        return null;
    }

    /** The label set; those with an empty value are left out. */
    Labels labels() {
        String[] entries = new String[2 * count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (!parts[i].value.isEmpty()) {
                entries[at++] = parts[i].name;
                entries[at++] = parts[i].value;
            }
        }
        return Labels.ofSorted(at == entries.length ? entries : Arrays.copyOf(entries, at));
    }

    /** Puts them into a label set that is being made; those without a name are left out. */
    void addTo(LabelsBuilder builder) {
        for (int i = 0; i < count; i++) {
            if (!parts[i].name.isEmpty()) {
                builder.set(parts[i].name, parts[i].value);
            }
        }
    }

    /** As Prometheus prints a label set. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.append(", ");
            }
            if (LabelNames.isClassic(parts[i].name)) {
                text.append(parts[i].name);
            } else {
                QuotedString.append(text, parts[i].name);
            }
            QuotedString.append(text.append('='), parts[i].value);
        }
        return text.append('}').toString();
    }
}
