// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.storage.ChunkEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one chunk after another of a block, each checked. For one thread, which has acquired the block.
 */
final class ChunkReader {
    private static final int LIKELY_BYTES = 512;

    private final ChunkFiles files;
    private final Path directory;
    private final @Nullable PageReader[] readers;
    private ChunkEncoding encoding = ChunkEncoding.XOR;
    private byte[] bytes = {};
    private int offset;
    private int length;

    ChunkReader(ChunkFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
        readers = new PageReader[files.count()];
    }

    /** Goes to a chunk; what {@link #bytes} and the others give is valid until the next call. */
    void load(long ref) throws IOException {
        int file = (int) (ref >>> 32);
        long at = ref & 0xffffffffL;
        if (file < 0 || file >= readers.length) {
            throw new CorruptBlockException(
                    directory, "a chunk is in a file that is missing, found reference 0x" + Long.toHexString(ref));
        }
        PageReader in = readers[file];
        if (in == null) {
            in = new PageReader(files.window(file));
            readers[file] = in;
        }
        ByteCursor cursor = in.upTo(at, LIKELY_BYTES);
        long size = cursor.uvarint();
        long begin = cursor.offsetBytes();
        if (at < ChunkLayout.HEADER_BYTES || size < 0 || size > in.sizeBytes() - begin - 1 - ChunkLayout.CRC_BYTES) {
            throw cursor.corrupt("a chunk is too long, found " + Long.toUnsignedString(size) + " bytes");
        }
        int total = (int) size + 1;
        cursor = in.at(begin, total + ChunkLayout.CRC_BYTES);
        int crc = cursor.crc(total);
        int number = cursor.u8();
        offset = cursor.position();
        cursor.skip((int) size);
        if (cursor.be32() != crc) {
            throw cursor.corrupt("the checksum of a chunk does not fit");
        }
        bytes = cursor.bytes();
        length = (int) size;
        encoding = ChunkLayout.encoding(number, cursor);
    }

    Path directory() {
        return directory;
    }

    ChunkEncoding encoding() {
        return encoding;
    }

    /** The array that the data of the chunk lies in. */
    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
