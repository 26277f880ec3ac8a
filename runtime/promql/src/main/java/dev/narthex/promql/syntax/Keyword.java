// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.Locale;

/** The words with a meaning of their own, beside operators and aggregations; case does not matter. */
enum Keyword {
    OFFSET(true),
    BY(true),
    WITHOUT(true),
    ON(false),
    IGNORING(false),
    GROUP_LEFT(false),
    GROUP_RIGHT(false),
    BOOL(false),
    START(true),
    END(true),
    STEP(true),
    RANGE(true),
    MIN_OF(true),
    MAX_OF(true),
    ANCHORED(true),
    SMOOTHED(true),
    FILL(true),
    FILL_LEFT(true),
    FILL_RIGHT(true);

    private final boolean metricName;

    Keyword(boolean metricName) {
        this.metricName = metricName;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The word as messages name it. */
    String description() {
        return isFunction() ? '"' + text() + '"' : '<' + text() + '>';
    }

    /** Whether it is the name of a function, too. */
    boolean isFunction() {
        return switch (this) {
            case START, END, STEP, RANGE, MIN_OF, MAX_OF -> true;
            default -> false;
        };
    }

    /** Whether a duration may be computed by it. */
    boolean isOfDurations() {
        return isFunction() && this != START && this != END;
    }

    /** Whether a metric may have this name without quotes. */
    boolean isMetricName() {
        return metricName;
    }
}
