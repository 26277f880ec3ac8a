// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * The fields of a series record.
 *
 * <pre>
 *  0 REF        flags (8 bits) | 20 bits unused | series reference (36 bits)
 *  1 VERSION    odd while the samples' fields (2 to 10) change: a reader takes them again
 *  2 LAST_T     timestamp of the last sample, {@link #NO_TIME} where there is none
 *  3 LAST_V     bits of the last value
 *  4 DISTANCE   the last timestamp less the one before, while the open chunk has two samples or more;
 *               where it is of histograms, its state in the slab of states (32 bits)
 *  5 STATE      encoding of the open chunk, 0 for XOR (8 bits) | in one of floats that has start timestamps, the byte that
 *               says which (8 bits) | position (32 bits) and window (16 bits) of its encoder
 *  6 OPEN       open chunk, of floats its last piece (32 bits) | the pieces before it (16 bits) | count of samples (16 bits)
 *  7 COMMIT     the last commit that added samples
 *  8 BEFORE_T   LAST_T before that commit
 *  9 UNDO       older pair of COMMIT and BEFORE_T that some reader needs (32 bits) | newest closed chunk (32 bits)
 * 10 OLDEST_T   no closed chunk ends before this timestamp
 * 11 LABELS     labels (32 bits) | hash of the labels (32 bits)
 * in a head that keeps start timestamps, for the open chunk where it is one of floats that has them:
 * 12 START      the last start timestamp, 0 for none
 * 13 PLAIN_V    bits of the last value that was no staleness marker
 *
 * closed chunk:  the one before it (4 bytes) | encoding (1 byte) | length of its data (3 bytes) | data as in a chunk
 *                file; before the data of a histogram chunk, open or closed, its first timestamp (8 bytes)
 *                a chunk in a file has {@link #MAPPED} in its encoding, XOR is 1 then, and for data its first timestamp
 *                (8 bytes) and where it stands ({@link dev.narthex.tsdb.headchunk.HeadChunkLayout}, 8 bytes)
 * labels:        count (2 bytes) | label pairs (4 bytes each)
 * undo record:   0 COMMIT   1 BEFORE_T   2 next older
 * </pre>
 */
final class SeriesLayout {
    static final int REF = 0;
    static final int VERSION = 1;
    static final int LAST_T = 2;
    static final int LAST_V = 3;
    static final int DISTANCE = 4;
    static final int STATE = 5;
    static final int OPEN = 6;
    static final int COMMIT = 7;
    static final int BEFORE_T = 8;
    static final int UNDO = 9;
    static final int OLDEST_T = 10;
    static final int LABELS = 11;
    static final int FIELDS = 12;
    static final int START = 12;
    static final int PLAIN_V = 13;
    static final int FIELDS_WITH_STARTS = 14;

    static final long NO_TIME = Long.MIN_VALUE;

    /** The WAL has the series' labels. */
    static final long LOGGED = 1L << 56;
    /** No sample was in the head when the collector last looked. */
    static final long IDLE = 1L << 57;
    /** The series is being removed; no transaction may use it. */
    static final long LEAVING = 1L << 58;

    static final int REF_BITS = 36;
    static final long REF_MASK = (1L << REF_BITS) - 1;

    static final int UNDO_FIELDS = 3;
    static final int UNDO_NEXT = 2;

    static final int CHUNK_LENGTH = 4;
    static final int CHUNK_DATA = 8;

    /** The bytes in front of the data of a histogram chunk: its first timestamp. */
    static final int HISTOGRAM_PREFIX = 8;

    static final int ENCODING_SHIFT = 56;
    static final int START_FLAGS_SHIFT = 48;

    /** {@link dev.narthex.storage.ChunkEncoding#XOR2}, chunks of floats that have start timestamps. */
    static final int XOR2 = 4;

    /** The bit of a closed chunk's encoding that tells that it lies in a file. */
    static final int MAPPED = 0x40;

    static final int MAPPED_REFERENCE = CHUNK_DATA + 8;
    static final int MAPPED_BYTES = MAPPED_REFERENCE + 8;

    static final int LABELS_PAIRS = 2;

    private SeriesLayout() {}
}
