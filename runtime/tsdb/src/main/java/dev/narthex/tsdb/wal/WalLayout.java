// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/**
 * The layout of the log (docs/formats/wal.md).
 *
 * <pre>
 * segment    pages of 32 KiB, files 00000000, 00000001 …; no record goes on in another segment
 * page       fragments, then zeros
 * fragment   type (1 byte) | length (2 bytes) | CRC-32C of the data (4 bytes) | data
 * type       bits 0 to 2: 0 the page is over, 1 whole record, 2 first, 3 middle, 4 last fragment
 *            bit 3: the record is compressed with Snappy;  bit 4: with Zstandard
 * </pre>
 *
 * Numbers are big endian.
 */
public final class WalLayout {
    public static final int PAGE_BYTES = 32 * 1024;
    public static final int HEADER_BYTES = 7;

    /** The directory of the log below the data directory. */
    public static final String DIRECTORY = "wal";

    /** The directory of the log of samples out of order. */
    public static final String OUT_OF_ORDER_DIRECTORY = "wbl";

    /** A checkpoint is a directory of this name with the number of the last segment that it stands for. */
    public static final String CHECKPOINT_PREFIX = "checkpoint.";

    static final int TYPE_MASK = 0b111;
    static final int PAGE_OVER = 0;
    static final int WHOLE = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;
    static final int SNAPPY = 0b1000;
    static final int ZSTANDARD = 0b10000;
    static final int KNOWN_BITS = 0b11111;

    static final int LENGTH_AT = 1;
    static final int CRC_AT = 3;

    private static final int NAME_DIGITS = 8;

    private WalLayout() {}

    /** The file name of a segment. */
    public static String segmentName(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, NAME_DIGITS - digits.length())) + digits;
    }

    /** The number of a segment file, -1 for any other file. */
    public static int segmentNumber(String name) {
        return digits(name);
    }

    static String checkpointName(int lastSegment) {
        return CHECKPOINT_PREFIX + segmentName(lastSegment);
    }

    /** The number of a checkpoint directory, -1 for any other name. */
    public static int checkpointNumber(String name) {
        return name.startsWith(CHECKPOINT_PREFIX) ? digits(name.substring(CHECKPOINT_PREFIX.length())) : -1;
    }

    private static int digits(String name) {
        if (name.isEmpty() || name.length() > 9) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = 10 * number + c - '0';
        }
        return number;
    }
}
