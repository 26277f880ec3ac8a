// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

/**
 * The layout of an index file (Prometheus documentation, "Index Disk Format"). All fixed numbers are big endian, all
 * checksums CRC-32 (Castagnoli) over what stands before them in their part, lengths not counted.
 *
 * <pre>
 * magic 0xBAAAD700 (4) | version 2 (1)
 * symbols           length (4) | count (4) | text as uvarint length and bytes, sorted, ... | CRC (4)
 * series            each at a multiple of 16, which is its reference times 16:
 *                   length (uvarint) | labels (uvarint) | name symbol, value symbol (uvarint) ...
 *                   | chunks (uvarint) | first: mint (varint), maxt - mint (uvarint), reference (uvarint)
 *                   | others: mint - former maxt (uvarint), maxt - mint (uvarint), reference - former (varint) | CRC (4)
 * label indices     for each name, at a multiple of 4: length (4) | names = 1 (4) | values (4) | symbol (4) ... | CRC (4)
 * postings          for each pair, at a multiple of 4: length (4) | count (4) | series reference (4) ... | CRC (4)
 * label offsets     length (4) | count (4) | 1 (1), name, offset (uvarint) ... | CRC (4)
 * postings offsets  length (4) | count (4) | 2 (1), name, value, offset (uvarint) ... | CRC (4)
 * contents          offsets (8 each) of symbols, series, label indices, label offsets, postings, postings offsets | CRC (4)
 *
 * Version 1 differs: a series is referred to by its offset, and a symbol by the offset of its text in the file.
 * </pre>
 */
final class IndexLayout {
    static final int MAGIC = 0xBAAAD700;
    static final int VERSION_1 = 1;
    static final int VERSION_2 = 2;
    static final int HEADER_BYTES = 5;
    static final int CONTENTS_FIELDS = 6;
    static final int CONTENTS_BYTES = CONTENTS_FIELDS * 8 + 4;
    static final int CRC_BYTES = 4;
    static final int SERIES_ALIGNMENT = 16;
    static final int PART_ALIGNMENT = 4;
    /** One in so many entries of symbols and postings offsets is remembered in memory. */
    static final int SAMPLING = 32;

    static final String FILE = "index";

    private IndexLayout() {}
}
