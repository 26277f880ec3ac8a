// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/**
 * Records of tombstones (Prometheus documentation, "WAL Disk Format", tombstone records): for each the reference of the
 * series (8 bytes), and the first and last timestamp of what was deleted (varints).
 */
public final class TombstoneRecords {
    /** Takes a tombstone; both times inclusive. */
    @FunctionalInterface
    public interface Tombstones {
        void tombstone(long ref, long mintMs, long maxtMs);
    }

    private TombstoneRecords() {}

    public static void write(WalBatch into, long ref, long mintMs, long maxtMs) {
        into.putLong(ref);
        into.putSvarint(mintMs);
        into.putSvarint(maxtMs);
    }

    /**
     * Reads the tombstones of a record.
     *
     * @param reader at the record's content
     * @return false where the record is not well formed; the tombstones before that were handed out
     */
    public static boolean read(RecordReader reader, Tombstones tombstones) {
        while (reader.hasMore()) {
            long ref = reader.readLong();
            long mintMs = reader.readSvarint();
            long maxtMs = reader.readSvarint();
            if (!reader.isGood()) {
                return false;
            }
            tombstones.tombstone(ref, mintMs, maxtMs);
        }
        return reader.isGood();
    }
}
