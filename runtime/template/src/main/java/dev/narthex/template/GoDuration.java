// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.math.BigDecimal;

/**
 * Go's {@code time.Duration}.
 *
 * @param nanos nanoseconds
 */
public record GoDuration(long nanos) implements GoValue {
    @Override
    public String goType() {
        return "time.Duration";
    }

    /** The form of Go: {@code 1h30m0s}, {@code 1.5s}, {@code 20ms}. */
    @Override
    public String toString() {
        if (nanos == 0) {
            return "0s";
        }
        long magnitude = Math.abs(nanos);
        String sign = nanos < 0 ? "-" : "";
        if (magnitude < 1_000) {
            return sign + magnitude + "ns";
        }
        if (magnitude < 1_000_000) {
            return sign + decimal(magnitude, 1_000) + "µs";
        }
        if (magnitude < 1_000_000_000) {
            return sign + decimal(magnitude, 1_000_000) + "ms";
        }
        long minuteNanos = 60_000_000_000L;
        StringBuilder text = new StringBuilder(sign);
        long minutes = magnitude / minuteNanos;
        if (minutes >= 60) {
            text.append(minutes / 60).append('h');
        }
        if (minutes > 0) {
            text.append(minutes % 60).append('m');
        }
        return text.append(decimal(magnitude % minuteNanos, 1_000_000_000))
                .append('s')
                .toString();
    }

    private static String decimal(long nanos, long unitNanos) {
        return new BigDecimal(nanos)
                .divide(new BigDecimal(unitNanos))
                .stripTrailingZeros()
                .toPlainString();
    }
}
