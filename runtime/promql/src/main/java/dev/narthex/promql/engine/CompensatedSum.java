// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

/**
 * Sums doubles with the Kahan-Babuska-Neumaier method: a second number gathers what rounding lost. For values of very
 * different size the result is as good as with twice the precision.
 */
final class CompensatedSum {
    private double sum;
    private double lost;

    void clear() {
        sum = 0;
        lost = 0;
    }

    void add(double value) {
        double next = sum + value;
        lost = compensation(sum, value, next, lost);
        sum = next;
    }

    double value() {
        return sum + lost;
    }

    /** The sum alone, to see whether it left the range of a double. */
    double uncompensated() {
        return sum;
    }

    /**
     * What rounding has lost after an addition.
     *
     * @param sum the sum before it
     * @param value what was added
     * @param next the sum after it
     * @param lost what was lost before
     */
    static double compensation(double sum, double value, double next, double lost) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value) ? lost + ((sum - next) + value) : lost + ((value - next) + sum);
    }
}
