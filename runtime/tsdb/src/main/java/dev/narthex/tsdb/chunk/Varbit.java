// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/**
 * The numbers of histogram chunks: a prefix that says how wide the number behind it is (Prometheus documentation, "Chunks
 * Disk Format" and "Native Histograms"; the widths and their prefixes are those that a Prometheus is seen to write).
 *
 * <pre>
 * prefix      bits of the number   signed range
 * 0           0                    0
 * 10          3                    -3 to 4
 * 110         6                    -31 to 32
 * 1110        9                    -255 to 256
 * 11110       12                   -2047 to 2048
 * 111110      18                   -131071 to 131072
 * 1111110     25                   -16777215 to 16777216
 * 11111110    56                   -36028797018963967 to 36028797018963968
 * 11111111    64                   any
 * </pre>
 *
 * As with timestamps of XOR chunks, a signed number greater than half of its width's range stands for itself less the
 * whole range. An unsigned number has the smallest width that holds it.
 */
final class Varbit {
    static final int MAX_PREFIX = 8;

    /** Widths by the count of ones in the prefix, eight bits each; that of eight ones is 64. */
    private static final int[] WIDTHS = {0, 3, 6, 9, 12, 18, 25, 56, 64};

    private Varbit() {}

    static int width(int ones) {
        return WIDTHS[ones];
    }

    static int widthOfSigned(long value) {
        for (int ones = 1; ones < MAX_PREFIX; ones++) {
            long half = 1L << (WIDTHS[ones] - 1);
            if (value > -half && value <= half) {
                return WIDTHS[ones];
            }
        }
        return 64;
    }

    static int widthOfUnsigned(long value) {
        int needed = 64 - Long.numberOfLeadingZeros(value);
        for (int ones = 1; ones < MAX_PREFIX; ones++) {
            if (needed <= WIDTHS[ones]) {
                return WIDTHS[ones];
            }
        }
        return 64;
    }

    static void writePrefix(BitWriter into, int width) {
        switch (width) {
            case 3 -> into.bits(0b10, 2);
            case 6 -> into.bits(0b110, 3);
            case 9 -> into.bits(0b1110, 4);
            case 12 -> into.bits(0b11110, 5);
            case 18 -> into.bits(0b111110, 6);
            case 25 -> into.bits(0b1111110, 7);
            case 56 -> into.bits(0b11111110, 8);
            default -> into.bits(0b11111111, 8);
        }
    }
}
