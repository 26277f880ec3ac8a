// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

/**
 * The layout of the files of head chunks (docs/formats/head-chunks.md).
 *
 * <pre>
 * file        000001, 000002 …, at most 128 MiB: magic (4 bytes) | version (1 byte) | zeros (3 bytes) | chunks
 * chunk       series reference (8 bytes) | first timestamp (8) | last timestamp (8) | encoding (1)
 *             | length of the data (uvarint) | data | CRC-32C of all before it (4 bytes)
 * encoding    the number of the encoding; bit 7: the samples came out of order
 * reference   number of the file (32 bits) | offset of the chunk in it (32 bits)
 * </pre>
 *
 * Numbers are big endian. Behind the last chunk zeros may stand.
 */
public final class HeadChunkLayout {
    /** The directory of the files below the data directory. */
    public static final String DIRECTORY = "chunks_head";

    /** The bit of the encoding that tells chunks whose samples came out of order. */
    public static final int OUT_OF_ORDER = 0x80;

    /** The greatest data of a chunk that are believed; one of Prometheus has a few hundred bytes. */
    public static final int MAX_DATA_BYTES = 1 << 24;

    static final int MAGIC = 0x0130BC91;
    static final int VERSION = 1;
    static final int VERSION_AT = 4;
    static final int FILE_HEADER_BYTES = 8;
    static final int MINT_AT = 8;
    static final int MAXT_AT = 16;
    static final int ENCODING_AT = 24;
    static final int LENGTH_AT = 25;
    static final int CRC_BYTES = 4;
    static final int MAX_UVARINT_BYTES = 5;
    static final long MAX_FILE_BYTES = 128L << 20;

    private static final int NAME_DIGITS = 6;

    private HeadChunkLayout() {}

    /** The file that a chunk's reference names. */
    public static int file(long reference) {
        return (int) (reference >>> 32);
    }

    /** The offset that a chunk's reference names. */
    public static long offset(long reference) {
        return reference & 0xffffffffL;
    }

    static long reference(int file, long offset) {
        return (long) file << 32 | offset;
    }

    static String fileName(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, NAME_DIGITS - digits.length())) + digits;
    }

    /** The number of a file, -1 for any other name. */
    static int fileNumber(String name) {
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

    static byte[] header() {
        return new byte[] {
            (byte) (MAGIC >>> 24), (byte) (MAGIC >>> 16), (byte) (MAGIC >>> 8), (byte) MAGIC, VERSION, 0, 0, 0
        };
    }

    /** The bytes of a chunk with so many bytes of data. */
    static int chunkBytes(int dataBytes) {
        return LENGTH_AT + uvarintBytes(dataBytes) + dataBytes + CRC_BYTES;
    }

    static int uvarintBytes(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
    }
}
