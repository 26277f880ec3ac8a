// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The aggregation operators. */
public enum AggregateOp {
    SUM(null),
    AVG(null),
    COUNT(null),
    MIN(null),
    MAX(null),
    GROUP(null),
    STDDEV(null),
    STDVAR(null),
    TOPK(ValueType.SCALAR),
    BOTTOMK(ValueType.SCALAR),
    COUNT_VALUES(ValueType.STRING),
    QUANTILE(ValueType.SCALAR),
    LIMITK(ValueType.SCALAR),
    LIMIT_RATIO(ValueType.SCALAR);

    /** Whether native histograms are taken as floats are; otherwise they are left out. */
    public boolean takesHistograms() {
        return switch (this) {
            case SUM, AVG, COUNT, GROUP, COUNT_VALUES, LIMITK, LIMIT_RATIO -> true;
            case MIN, MAX, STDDEV, STDVAR, TOPK, BOTTOMK, QUANTILE -> false;
        };
    }

    private final @Nullable ValueType parameterType;

    AggregateOp(@Nullable ValueType parameterType) {
        this.parameterType = parameterType;
    }

    /** The operator as it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of the parameter in front of the vector, null for an operator without one. */
    public @Nullable ValueType parameterType() {
        return parameterType;
    }

    public boolean isExperimental() {
        return this == LIMITK || this == LIMIT_RATIO;
    }
}
