// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** What happens at the bounds of a range, where there is no sample. */
public enum RangeModifier {
    /** Nothing: only the samples within count. */
    NONE(""),
    /** The last sample before a bound counts as standing on it. */
    ANCHORED("anchored"),
    /** A value on a bound is interpolated between the samples on both of its sides. */
    SMOOTHED("smoothed");

    private final String text;

    RangeModifier(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
