// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

/**
 * The mean of doubles: their compensated sum by their number. Should the sum leave the range of a double although no
 * value is infinite, it goes on as an incremental mean, which stays in range.
 */
final class MeanAccumulator {
    private double sum;
    private double lost;
    private double count;
    private boolean incremental;

    void add(double value) {
        count++;
        if (!incremental) {
            double next = sum + value;
            if (!Double.isInfinite(next) || Double.isInfinite(sum) || Double.isInfinite(value)) {
                lost = CompensatedSum.compensation(sum, value, next, lost);
                sum = next;
                return;
            }
            incremental = true;
            sum /= count - 1;
            lost /= count - 1;
        }
        // From here on the sum is the mean of what came before.
        double weight = (count - 1) / count;
        double mean = weight * sum;
        double next = mean + value / count;
        lost = CompensatedSum.compensation(mean, value / count, next, weight * lost);
        sum = next;
    }

    double value() {
        return incremental ? sum + lost : sum / count + lost / count;
    }
}
