// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** Addition after Kahan, Babuska and Neumaier: a second number gathers what rounding lost. */
final class CompensatedAddition {
    private CompensatedAddition() {}

    /**
     * What rounding has lost after an addition.
     *
     * @param sum the sum before it
     * @param value what was added
     * @param next the sum after it
     * @param lost what was lost before
     */
    static double lost(double sum, double value, double next, double lost) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value) ? lost + ((sum - next) + value) : lost + ((value - next) + sum);
    }
}
