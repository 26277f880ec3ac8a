// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * The not-a-number that says "this series ends here" (Prometheus documentation, "Staleness"). It differs from an
 * ordinary not-a-number by its bits alone, so it is compared by {@link Double#doubleToRawLongBits}.
 */
public final class StalenessMarker {
    /** The bits of the marker. */
    public static final long BITS = 0x7ff0000000000002L;

    /** The bits of an ordinary not-a-number as Prometheus stores it. */
    public static final long NORMAL_NAN_BITS = 0x7ff8000000000001L;

    /** The marker as a value. */
    public static final double VALUE = Double.longBitsToDouble(BITS);

    /** An ordinary not-a-number as Prometheus stores it. */
    public static final double NORMAL_NAN = Double.longBitsToDouble(NORMAL_NAN_BITS);

    private StalenessMarker() {}

    public static boolean is(double value) {
        return Double.doubleToRawLongBits(value) == BITS;
    }
}
