// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** The modifier {@code @}: the moment at which a selector or subquery is evaluated, whatever the step. */
public sealed interface AtModifier {
    /**
     * A fixed moment.
     *
     * @param timestampMs milliseconds since 1970
     */
    record Timestamp(long timestampMs) implements AtModifier {}

    /** The start of the query's range. */
    record Start() implements AtModifier {}

    /** The end of the query's range. */
    record End() implements AtModifier {}
}
