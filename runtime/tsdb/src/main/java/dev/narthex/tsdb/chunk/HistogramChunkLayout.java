// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/**
 * The layout of histogram chunks (docs/formats/histogram-chunk.md; Prometheus documentation, "Chunks Disk Format",
 * histogram and float histogram chunk data).
 *
 * <pre>
 * count            16 bits, big endian
 * header           8 bits: 10 counter reset before the chunk, 01 none, 00 unknown, 11 gauges; then six zeros
 * zero threshold   8 bits: 0 for zero, 1 to 254 for 2^(n - 244), 255 for the 64 bits that follow
 * schema           varbit int
 * positive spans   count (varbit uint), then length (varbit uint) and offset (varbit int) of each
 * negative spans   the same
 * custom values    schema -53 only: count (varbit uint), then each: n + 1 for n thousandths (varbit uint),
 *                  or a zero bit and 64 bits
 * samples
 *
 * integer sample   time | count | zero count | sum | positive buckets | negative buckets
 *   first          varbit int | varbit uint | varbit uint | 64 bits | varbit int each
 *   second         differences, varbit int; the sum as XOR
 *   later          differences of differences, varbit int; the sum as XOR
 *   a bucket is its count less that of the bucket before it on its side
 *
 * float sample     the same order; buckets are counts
 *   first          varbit int | 64 bits each
 *   second, later  time as above; all others as XOR
 *
 * staleness marker count and zero count as a zero bit (integer) or as XOR with 0 (float); the sum; no buckets
 * </pre>
 */
final class HistogramChunkLayout {
    static final int COUNT_BYTES = 2;
    static final int HEADER_AT = 2;
    /** Where the zero threshold stands, and with it the layout of the buckets. */
    static final int LAYOUT_AT = 3;

    static final int MAX_SAMPLES = 0xffff;

    static final int ZERO_THRESHOLD_EXPONENT_BIAS = 244;
    static final int ZERO_THRESHOLD_MAX_SHORT = 254;
    static final int ZERO_THRESHOLD_LONG = 255;

    static final double CUSTOM_SCALE = 1000;
    static final double CUSTOM_MAX_SHORT = 33554430;

    private HistogramChunkLayout() {}
}
