// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/**
 * The layout of an XOR chunk (Prometheus documentation, "Chunks Disk Format", XOR chunk data). Bits are written from
 * the highest of a byte to the lowest; what is left of the last byte is zero.
 *
 * <pre>
 * count       16 bits, big endian
 * sample 0    timestamp as varint, value as 64 bits
 * sample 1    distance of timestamps as uvarint, value as difference
 * sample n    distance of distances of timestamps, value as difference
 *
 * distance of distances d (range)       bits
 *   0                                   0
 *   -8191 to 8192                       10   + 14 bits of d
 *   -65535 to 65536                     110  + 17 bits of d
 *   -524287 to 524288                   1110 + 20 bits of d
 *   any other                           1111 + 64 bits of d
 *
 * value, x = this value XOR the former  bits
 *   x = 0                               0
 *   x fits the window last written      10 + the bits of the window
 *   any other                           11 + 5 bits leading zeros (at most 31) + 6 bits width (0 means 64) + the bits
 * </pre>
 */
public final class XorLayout {
    /** The encoding number of XOR chunks in files. */
    public static final int ENCODING = 1;

    /** The bytes of the count in front. */
    public static final int COUNT_BYTES = 2;

    /** The most bytes that one sample takes: a first one of 10 + 8, a later one of 68 + 77 bits. */
    public static final int MAX_SAMPLE_BYTES = 19;

    /** So many bytes behind a chunk have to be there: an encoder writes them back as they are, a decoder reads them. */
    public static final int SLACK_BYTES = 8;

    /** The leading zeros of "no window was written yet". */
    public static final int NO_WINDOW = 0xff;

    static final int DOD_14 = 14;
    static final int DOD_17 = 17;
    static final int DOD_20 = 20;
    static final int LEADING_BITS = 5;
    static final int MAX_LEADING = 31;
    static final int WIDTH_BITS = 6;

    private XorLayout() {}
}
