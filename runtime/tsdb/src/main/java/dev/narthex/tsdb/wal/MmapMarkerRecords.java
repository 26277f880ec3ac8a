// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/**
 * Records of markers of memory-mapped chunks, which stand in the log of out-of-order samples: for each the reference of
 * the series (8 bytes) and that of the chunk (8 bytes) which holds the samples of the series that stand before.
 */
public final class MmapMarkerRecords {
    /** Takes a marker. */
    @FunctionalInterface
    public interface Markers {
        void marker(long ref, long chunkRef);
    }

    private MmapMarkerRecords() {}

    public static void write(WalBatch into, long ref, long chunkRef) {
        into.putLong(ref);
        into.putLong(chunkRef);
    }

    /**
     * Reads the markers of a record.
     *
     * @param reader at the record's content
     * @return false where the record is not well formed; the markers before that were handed out
     */
    public static boolean read(RecordReader reader, Markers markers) {
        while (reader.hasMore()) {
            long ref = reader.readLong();
            long chunkRef = reader.readLong();
            if (!reader.isGood()) {
                return false;
            }
            markers.marker(ref, chunkRef);
        }
        return reader.isGood();
    }
}
