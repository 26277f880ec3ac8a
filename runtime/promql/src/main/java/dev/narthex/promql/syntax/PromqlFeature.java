// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** Parts of the language that are experimental upstream and refused unless enabled, with Prometheus' flag names. */
public enum PromqlFeature {
    /** Functions and aggregations that are marked experimental, such as {@code limitk}. */
    EXPERIMENTAL_FUNCTIONS("promql-experimental-functions"),
    /** The range modifiers {@code anchored} and {@code smoothed}. */
    EXTENDED_RANGE_SELECTORS("promql-extended-range-selectors"),
    /** The modifiers {@code fill}, {@code fill_left} and {@code fill_right} of binary operators. */
    BINARY_FILL_MODIFIERS("promql-binop-fill-modifiers"),
    /** Metric names are dropped from the result of the whole query rather than by each operator. */
    DELAYED_NAME_REMOVAL("promql-delayed-name-removal"),
    /** Whether a series is a counter is told by its label {@code __type__} rather than by its name. */
    TYPE_AND_UNIT_LABELS("type-and-unit-labels"),
    /** Counter functions look at when the counting of a sample began, and {@code start_timestamp()} gives that. */
    USE_START_TIMESTAMPS("use-start-timestamps"),
    /** Statistics of a query may be asked for step by step. */
    PER_STEP_STATS("promql-per-step-stats");

    private final String flag;

    PromqlFeature(String flag) {
        this.flag = flag;
    }

    /** The name to give to {@code --enable-feature}. */
    public String flag() {
        return flag;
    }
}
