// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;

/**
 * Records of exemplars (Prometheus documentation, "WAL Disk Format", exemplar records): a base reference and a base
 * timestamp (8 bytes each), then for each the distances of both from the base as varints, the value (8 bytes), and its
 * labels as in a record of series.
 */
public final class ExemplarRecords {
    /** Takes an exemplar. */
    @FunctionalInterface
    public interface Exemplars {
        void exemplar(long ref, Exemplar exemplar);
    }

    private ExemplarRecords() {}

    /** Writes an exemplar behind the base of its record ({@link WalBatch#putSamplesBase}). */
    public static void write(WalBatch into, long refDistance, long timeDistanceMs, Exemplar exemplar) {
        into.putSvarint(refDistance);
        into.putSvarint(timeDistanceMs);
        into.putDouble(exemplar.value());
        Labels labels = exemplar.labels();
        into.putUvarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            into.putString(labels.name(i));
            into.putString(labels.value(i));
        }
    }

    /**
     * Reads the exemplars of a record.
     *
     * @param reader at the record's content
     * @return false where the record is not well formed; the exemplars before that were handed out
     */
    public static boolean read(RecordReader reader, Exemplars exemplars) {
        if (!reader.hasMore()) {
            return true;
        }
        long baseRef = reader.readLong();
        long baseTime = reader.readLong();
        while (reader.hasMore()) {
            long ref = baseRef + reader.readSvarint();
            long timestampMs = baseTime + reader.readSvarint();
            double value = reader.readDouble();
            Labels labels = reader.readLabels();
            if (!reader.isGood()) {
                return false;
            }
            exemplars.exemplar(ref, new Exemplar(labels, value, timestampMs));
        }
        return reader.isGood();
    }
}
