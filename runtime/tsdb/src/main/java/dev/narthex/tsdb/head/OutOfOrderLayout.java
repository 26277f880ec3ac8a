// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * The pieces that hold samples which came out of order.
 *
 * <pre>
 * piece in memory: the one before it (4 bytes) | count of samples (1) | room for samples (1) | 0 (1) | whether it is being moved (1)
 *                  | generation (4) | unused (4) | the last commit that added samples (8) | samples in the order they came
 * sample:          timestamp (8) | bits of the value, or where it lies apart (8) | commit (63 bits), {@link #APART}
 * apart:           length (4) | a record of the log with a histogram, or a float that has a start timestamp
 * piece in a file: the one before it (4) | encoding (1) | unused (1) | 1 (1) | unused (1) | generation (4)
 *                  | length of the data (4) | first timestamp (8) | last timestamp (8)
 *                  | where it stands ({@link dev.narthex.tsdb.headchunk.HeadChunkLayout}, 8)
 * </pre>
 */
final class OutOfOrderLayout {
    /** A piece is full with so many samples, as in Prometheus. */
    static final int MAX_SAMPLES = 32;

    static final int FIRST_SAMPLES = 4;

    static final int COUNT = 4;
    static final int ROOM = 5;
    static final int IN_FILE = 6;
    static final int MARK = 7;
    static final int GENERATION = 8;
    static final int COMMIT = 16;
    static final int SAMPLES = 24;

    static final int SAMPLE_BYTES = 24;
    static final int SAMPLE_VALUE = 8;
    static final int SAMPLE_COMMIT = 16;

    /** The bit of a sample's commit that tells that the sample lies apart. */
    static final long APART = 1L << 63;

    static final int RECORD = 4;

    static final int FILE_ENCODING = 4;
    static final int FILE_LENGTH = 12;
    static final int FILE_MINT = 16;
    static final int FILE_MAXT = 24;
    static final int FILE_REFERENCE = 32;
    static final int FILE_BYTES = 40;

    private OutOfOrderLayout() {}
}
