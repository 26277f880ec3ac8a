// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The text of a query that gives a vector, and what is known of this vector: with it, most queries that are put together
 * of others have an answer with series in it.
 *
 * @param content what the series have
 * @param labels the labels of the series besides the metric name
 * @param distinct whether the labels tell the series from each other, whatever their metric names
 */
record Shaped(String text, Content content, SortedSet<String> labels, boolean distinct) {
    /** What there is in series. */
    enum Content {
        FLOATS,
        EXPONENTIAL,
        CUSTOM,
        /** Any of the others, one beside the other or one after the other. */
        MIXED;

        /** What there is where series of two contents come together. */
        Content with(Content other) {
            return this == other ? this : MIXED;
        }
    }

    static Shaped floats(String text, String... labels) {
        return of(text, Content.FLOATS, labels);
    }

    static Shaped of(String text, Content content, String... labels) {
        return new Shaped(text, content, new TreeSet<>(Set.of(labels)), true);
    }

    /** Whether it can be rounded, compared and chosen by without making much of the last bit. */
    boolean isExact() {
        return KnownDifferences.isExact(text);
    }

    /** Another expression of the same shape. */
    Shaped as(String other) {
        return new Shaped(other, content, labels, distinct);
    }

    /** The same expression put between others. */
    Shaped within(String before, String behind) {
        return as(before + text + behind);
    }

    Shaped of(Content other) {
        return new Shaped(text, other, labels, distinct);
    }

    Shaped indistinct() {
        return new Shaped(text, content, labels, false);
    }

    Shaped withLabels(SortedSet<String> others) {
        return new Shaped(text, content, others, distinct);
    }

    Shaped withLabel(String label) {
        SortedSet<String> more = new TreeSet<>(labels);
        more.add(label);
        return withLabels(more);
    }

    Shaped withoutLabel(String label) {
        SortedSet<String> less = new TreeSet<>(labels);
        less.remove(label);
        return withLabels(less);
    }
}
