// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/** The literals of a block and how they are written (RFC 8878, section 3.1.1.3.1). For one thread. */
final class ZstandardLiterals {
    private static final int RAW = 0;
    private static final int REPEATED = 1;
    private static final int COMPRESSED = 2;
    /** Fewer literals are not worth a code. */
    private static final int MIN_CODED = 64;

    private static final int MAX_TABLE_BYTES = 129;
    private static final int JUMPS = 6;
    private static final int MAX_HEADER_BYTES = 5;

    private final HuffmanEncoder huffman = new HuffmanEncoder();
    private byte[] bytes = new byte[1 << 12];
    private int count;

    void clear() {
        count = 0;
    }

    void add(byte[] from, int offset, int length) {
        if (bytes.length - count < length) {
            byte[] larger = new byte[Math.max(count + length, 2 * bytes.length)];
            System.arraycopy(bytes, 0, larger, 0, count);
            bytes = larger;
        }
        System.arraycopy(from, offset, bytes, count, length);
        count += length;
    }

    /** How many bytes the section may take. */
    int maxBytes() {
        return MAX_HEADER_BYTES + count;
    }

    /** Writes the section to the beginning of bytes; where it ends. */
    int write(byte[] into) {
        int different = count == 0 ? 0 : huffman.build(bytes, count);
        if (different == 1 && count > 1) {
            int at = header(REPEATED, into);
            into[at] = bytes[0];
            return at + 1;
        }
        int coded = count < MIN_CODED ? -1 : code(into);
        if (coded >= 0) {
            return coded;
        }
        int at = header(RAW, into);
        System.arraycopy(bytes, 0, into, at, count);
        return at + count;
    }

    /** Writes the header of literals as they are or of one that is repeated. */
    private int header(int kind, byte[] into) {
        if (count < 1 << 5) {
            return ZstandardCompressor.putLittleEndian(kind | count << 3, 1, into, 0);
        }
        if (count < 1 << 12) {
            return ZstandardCompressor.putLittleEndian(kind | 1 << 2 | count << 4, 2, into, 0);
        }
        return ZstandardCompressor.putLittleEndian(kind | 3 << 2 | count << 4, 3, into, 0);
    }

    /** Writes the literals with the prefix code; -1 where that gains nothing. */
    private int code(byte[] into) {
        int streams = count < 1 << 10 ? 1 : 4;
        int each = streams == 1 ? count : (count + 3) / 4;
        int bytesCoded = streams == 1 ? 0 : JUMPS;
        for (int i = 0; i < streams; i++) {
            bytesCoded += huffman.streamBytes(bytes, i * each, Math.min(each, count - i * each));
        }
        int headerBytes = count < 1 << 10 ? 3 : count < 1 << 14 ? 4 : 5;
        if (bytesCoded + MAX_TABLE_BYTES + headerBytes > count) {
            return -1;
        }
        int begin = headerBytes;
        int at = huffman.writeTable(into, begin);
        if (at < 0) {
            return -1;
        }
        int jumps = at;
        at += streams == 1 ? 0 : JUMPS;
        for (int i = 0; i < streams; i++) {
            int from = at;
            at = huffman.writeStream(bytes, i * each, Math.min(each, count - i * each), into, at);
            if (streams > 1 && i < 3) {
                int _ = ZstandardCompressor.putLittleEndian(at - from, 2, into, jumps + 2 * i);
            }
        }
        int format = headerBytes == 3 ? 0 : headerBytes - 2;
        int sizeBits = headerBytes == 3 ? 10 : headerBytes == 4 ? 14 : 18;
        long header = COMPRESSED | (long) format << 2 | (long) count << 4 | (long) (at - begin) << (4 + sizeBits);
        int _ = ZstandardCompressor.putLittleEndian((int) header, Math.min(4, headerBytes), into, 0);
        if (headerBytes == 5) {
            into[4] = (byte) (header >>> 32);
        }
        return at;
    }
}
