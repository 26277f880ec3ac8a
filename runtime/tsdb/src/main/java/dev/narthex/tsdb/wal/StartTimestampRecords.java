// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/**
 * What stands before each sample in records of types 11, 12 and 13, which Prometheus 3.15 writes with {@code
 * --enable-feature=st-storage} (docs/formats/wal.md; found by looking at records of chosen samples). A cursor for one
 * thread; the caller reads the sample itself.
 *
 * <pre>
 * first sample   reference (svarint) | timestamp (svarint) | start timestamp (svarint), 0 for none
 * others         reference less that of the sample before | timestamp less that of the first sample
 *                0 no start timestamp | 1 that of the sample before | 2 start timestamp less that of the first sample (svarint)
 * </pre>
 */
public final class StartTimestampRecords {
    static final int NONE = 0;
    static final int AS_BEFORE = 1;
    static final int OWN = 2;

    private final RecordReader in;
    private boolean begun;
    private long firstTimestampMs;
    private long firstStartMs;
    private long ref;
    private long timestampMs;
    private long startMs;

    /** @param in at the record's content */
    public StartTimestampRecords(RecordReader in) {
        this.in = in;
    }

    /** Whether records of a type have start timestamps. */
    public static boolean has(int type) {
        return type >= RecordType.ST_SAMPLES && type <= RecordType.ST_FLOAT_HISTOGRAMS;
    }

    /** Moves to the next sample; false at the end and where the record is not well formed. */
    public boolean next() {
        if (!in.hasMore()) {
            return false;
        }
        ref += in.readSvarint();
        if (begun) {
            timestampMs = firstTimestampMs + in.readSvarint();
            switch (in.readByte()) {
                case NONE -> startMs = 0;
                case AS_BEFORE -> {}
                case OWN -> startMs = firstStartMs + in.readSvarint();
                default -> in.fail();
            }
        } else {
            begun = true;
            timestampMs = in.readSvarint();
            startMs = in.readSvarint();
            firstTimestampMs = timestampMs;
            firstStartMs = startMs;
        }
        return in.isGood();
    }

    public long ref() {
        return ref;
    }

    public long timestampMs() {
        return timestampMs;
    }

    /** Milliseconds since 1970, 0 where the sample has none. */
    public long startMs() {
        return startMs;
    }
}
