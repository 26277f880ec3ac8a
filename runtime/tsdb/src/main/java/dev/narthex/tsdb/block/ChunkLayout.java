// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.storage.ChunkEncoding;

/**
 * The layout of the chunk files of a block (Prometheus documentation, "Chunks Disk Format"): {@code chunks/000001} and so
 * on. A chunk is referred to by the number of its file, from 0, in the upper 32 bits and its offset in the lower ones.
 *
 * <pre>
 * file   magic 0x85BD40DD (4) | version 1 (1) | zeros (3) | chunk ...
 * chunk  length of the data (uvarint) | encoding (1) | data | CRC-32 (Castagnoli) of encoding and data (4)
 * </pre>
 */
final class ChunkLayout {
    static final int MAGIC = 0x85BD40DD;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 8;
    static final int CRC_BYTES = 4;
    static final int MAX_LENGTH_BYTES = 5;
    static final String DIRECTORY = "chunks";

    private static final ChunkEncoding[] ENCODINGS = ChunkEncoding.values();

    private ChunkLayout() {}

    static String fileName(int index) {
        return String.format(java.util.Locale.ROOT, "%06d", index + 1);
    }

    static ChunkEncoding encoding(int number, ByteCursor at) throws CorruptBlockException {
        for (ChunkEncoding encoding : ENCODINGS) {
            if (encoding.number() == number) {
                return encoding;
            }
        }
        throw at.corrupt("unknown encoding of a chunk, found " + number);
    }
}
