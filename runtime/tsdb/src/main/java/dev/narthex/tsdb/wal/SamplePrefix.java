// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/**
 * Writes what stands before each sample of a record of samples: reference and timestamp, and its start timestamp where the
 * record's type has them ({@link StartTimestampRecords}). The caller writes the sample itself behind. For one thread.
 */
public final class SamplePrefix {
    private boolean withStarts;
    private boolean begun;
    private long baseRef;
    private long baseMs;
    private long lastRef;
    private long baseStartMs;
    private long lastStartMs;

    /** Begins a record. */
    public void begin(WalBatch into, int type) {
        into.begin(type);
        withStarts = StartTimestampRecords.has(type);
        begun = false;
    }

    /**
     * Writes what stands before a sample.
     *
     * @param startMs its start timestamp, 0 for none; left out where the record's type has none
     */
    public void put(WalBatch into, long ref, long timestampMs, long startMs) {
        boolean first = !begun;
        if (first) {
            begun = true;
            baseRef = ref;
            baseMs = timestampMs;
            baseStartMs = startMs;
        }
        if (!withStarts) {
            if (first) {
                into.putSamplesBase(ref, timestampMs);
            }
            into.putSvarint(ref - baseRef);
            into.putSvarint(timestampMs - baseMs);
        } else if (first) {
            into.putSvarint(ref);
            into.putSvarint(timestampMs);
            into.putSvarint(startMs);
        } else {
            into.putSvarint(ref - lastRef);
            into.putSvarint(timestampMs - baseMs);
            putStart(into, startMs);
        }
        lastRef = ref;
        lastStartMs = startMs;
    }

    private void putStart(WalBatch into, long startMs) {
        if (startMs == 0) {
            into.putByte(StartTimestampRecords.NONE);
        } else if (startMs == lastStartMs) {
            into.putByte(StartTimestampRecords.AS_BEFORE);
        } else {
            into.putByte(StartTimestampRecords.OWN);
            into.putSvarint(startMs - baseStartMs);
        }
    }
}
