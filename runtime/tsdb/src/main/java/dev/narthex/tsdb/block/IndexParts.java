// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.io.IOException;

/** Takes a part of an index file, which begins with its length and ends with its checksum, and checks it. */
final class IndexParts {
    private static final int MAX_PART_BYTES = 1 << 30;

    private IndexParts() {}

    /** A cursor over the content of a part. */
    static ByteCursor open(PageReader in, long offsetBytes) throws IOException {
        int length = in.at(offsetBytes, 4).be32();
        if (length < 0 || length > MAX_PART_BYTES || length > in.sizeBytes() - offsetBytes - 8) {
            throw in.at(offsetBytes, 4)
                    .corrupt("a part is too long, found " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteCursor cursor = in.at(offsetBytes + 4, length + IndexLayout.CRC_BYTES);
        int crc = cursor.crc(length);
        int start = cursor.position();
        cursor.skip(length);
        if (cursor.be32() != crc) {
            throw cursor.corrupt("the checksum of a part does not fit");
        }
        return cursor.over(cursor.bytes(), start, length, offsetBytes + 4);
    }
}
