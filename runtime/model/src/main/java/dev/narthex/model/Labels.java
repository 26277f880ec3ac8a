// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A label set: names and values, sorted by name, each name at most once, no empty value.
 *
 * <p>A label with an empty value is the same as a missing label, so it is never stored. Names are ordered by their
 * UTF-8 bytes, as in every Prometheus format. The metric name is the label {@link #METRIC_NAME}. Immutable and safe
 * for use by many threads.
 */
public final class Labels implements Comparable<Labels> {
    /** The label that holds the metric name. */
    public static final String METRIC_NAME = "__name__";

    /** The label set without labels. */
    public static final Labels EMPTY = new Labels(new String[0]);

    private final String[] entries;
    private int hash;

    private Labels(String[] entries) {
        this.entries = entries;
    }

    /**
     * Makes a label set of alternating names and values, in any order.
     *
     * @throws IllegalArgumentException when the count is odd or a name is empty or occurs twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("label set: a name without a value: " + Arrays.toString(namesAndValues));
        }
        LabelsBuilder builder = new LabelsBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            if (builder.get(name) != null) {
                throw new IllegalArgumentException("label set: label name " + name + " occurs twice");
            }
            builder.set(name, namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Makes a label set of a map from name to value. */
    public static Labels of(Map<String, String> labels) {
        LabelsBuilder builder = new LabelsBuilder();
        labels.forEach(builder::set);
        return builder.build();
    }

    /**
     * Wraps alternating names and values that are sorted by name already, unique and not empty. The array belongs to
     * the label set from then on: for decoders that read an ordered form.
     */
    public static Labels ofSorted(String[] sortedNamesAndValues) {
        return sortedNamesAndValues.length == 0 ? EMPTY : new Labels(sortedNamesAndValues);
    }

    public static LabelsBuilder builder() {
        return new LabelsBuilder();
    }

    /** Starts a builder that holds these labels. */
    public LabelsBuilder toBuilder() {
        return new LabelsBuilder(this);
    }

    public int size() {
        return entries.length / 2;
    }

    public boolean isEmpty() {
        return entries.length == 0;
    }

    /** The name of the label at a position in name order, {@code 0 <= index < size()}. */
    public String name(int index) {
        return entries[2 * index];
    }

    /** The value of the label at a position in name order, {@code 0 <= index < size()}. */
    public String value(int index) {
        return entries[2 * index + 1];
    }

    /** The value of a label, or null where there is no such label. */
    public @Nullable String get(String name) {
        int index = indexOf(name);
        return index < 0 ? null : entries[2 * index + 1];
    }

    /** The value of a label, or the empty string where there is no such label: the meaning matchers work with. */
    public String getOrEmpty(String name) {
        int index = indexOf(name);
        return index < 0 ? "" : entries[2 * index + 1];
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** The metric name, empty where there is none. */
    public String metricName() {
        return getOrEmpty(METRIC_NAME);
    }

    /** These labels without the named ones. */
    public Labels without(Collection<String> names) {
        return filter(names, false);
    }

    /** Only the named ones of these labels. */
    public Labels keep(Collection<String> names) {
        return filter(names, true);
    }

    /** These labels without the metric name. */
    public Labels withoutMetricName() {
        int index = indexOf(METRIC_NAME);
        if (index < 0) {
            return this;
        }
        String[] kept = new String[entries.length - 2];
        System.arraycopy(entries, 0, kept, 0, 2 * index);
        System.arraycopy(entries, 2 * index + 2, kept, 2 * index, kept.length - 2 * index);
        return ofSorted(kept);
    }

    private Labels filter(Collection<String> names, boolean keepNamed) {
        String[] kept = new String[entries.length];
        int size = 0;
        for (int i = 0; i < entries.length; i += 2) {
            if (names.contains(entries[i]) == keepNamed) {
                kept[size++] = entries[i];
                kept[size++] = entries[i + 1];
            }
        }
        return size == entries.length ? this : ofSorted(Arrays.copyOf(kept, size));
    }

    private int indexOf(String name) {
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i].equals(name)) {
                return i / 2;
            }
        }
        return -1;
    }

    /** Orders as Prometheus sorts series: name by name and value by value, a shorter set before its extension. */
    @Override
    public int compareTo(Labels other) {
        int common = Math.min(entries.length, other.entries.length);
        for (int i = 0; i < common; i++) {
            String left = entries[i];
            String right = other.entries[i];
            if (!left.equals(right)) {
                return Utf8Order.compare(left, right);
            }
        }
        return Integer.compare(entries.length, other.entries.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof Labels labels
                        && hashCode() == labels.hashCode()
                        && Arrays.equals(entries, labels.entries));
    }

    @Override
    public int hashCode() {
        int cached = hash;
        if (cached == 0) {
            cached = Arrays.hashCode(entries);
            hash = cached;
        }
        return cached;
    }

    /** The form of Prometheus' logs and errors: {@code {__name__="up", job="shop"}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(64).append('{');
        for (int i = 0; i < entries.length; i += 2) {
            if (i > 0) {
                text.append(", ");
            }
            if (LabelNames.isClassic(entries[i])) {
                text.append(entries[i]);
            } else {
                QuotedString.append(text, entries[i]);
            }
            text.append('=');
            QuotedString.append(text, entries[i + 1]);
        }
        return text.append('}').toString();
    }
}
