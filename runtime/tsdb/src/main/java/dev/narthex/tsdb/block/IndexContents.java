// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.io.IOException;

/** Where in an index file its parts begin, 0 for one that is missing. */
record IndexContents(
        long symbols, long series, long labelIndices, long labelOffsets, long postings, long postingsOffsets) {
    static IndexContents read(PageReader in) throws IOException {
        ByteCursor cursor = in.at(in.sizeBytes() - IndexLayout.CONTENTS_BYTES, IndexLayout.CONTENTS_BYTES);
        int crc = cursor.crc(IndexLayout.CONTENTS_BYTES - IndexLayout.CRC_BYTES);
        IndexContents contents = new IndexContents(
                cursor.be64(), cursor.be64(), cursor.be64(), cursor.be64(), cursor.be64(), cursor.be64());
        if (cursor.be32() != crc) {
            throw cursor.corrupt("the checksum of the table of contents does not fit");
        }
        return contents;
    }
}
