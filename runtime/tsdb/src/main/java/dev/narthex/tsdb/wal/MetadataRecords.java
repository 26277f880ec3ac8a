// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;

/**
 * Records of metadata (Prometheus documentation, "WAL Disk Format", metadata records): for each series its reference
 * (uvarint), its type (1 byte), a count of fields (uvarint), and for each field name and value as strings; the fields are
 * {@code UNIT} and {@code HELP}, others are passed over.
 */
public final class MetadataRecords {
    private static final String UNIT = "UNIT";
    private static final String HELP = "HELP";
    private static final int MIN_FIELD_BYTES = 2;
    /** In the order of their numbers. */
    private static final MetricType[] TYPES = {
        MetricType.UNKNOWN,
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM,
        MetricType.SUMMARY,
        MetricType.INFO,
        MetricType.STATESET
    };

    /** Takes what is said of a series. */
    @FunctionalInterface
    public interface Notes {
        void metadata(long ref, Metadata metadata);
    }

    private MetadataRecords() {}

    public static void write(WalBatch into, long ref, Metadata metadata) {
        into.putUvarint(ref);
        int type = 0;
        while (TYPES[type] != metadata.type()) {
            type++;
        }
        into.putByte(type);
        into.putUvarint(2);
        into.putString(UNIT);
        into.putString(metadata.unit());
        into.putString(HELP);
        into.putString(metadata.help());
    }

    /**
     * Reads the notes of a record.
     *
     * @param reader at the record's content
     * @return false where the record is not well formed; the notes before that were handed out
     */
    public static boolean read(RecordReader reader, Notes notes) {
        while (reader.hasMore()) {
            long ref = reader.readUvarint();
            int type = reader.readByte();
            int fields = reader.readCount(MIN_FIELD_BYTES);
            String unit = "";
            String help = "";
            for (int i = 0; i < fields; i++) {
                String name = reader.readString();
                String value = reader.readString();
                unit = name.equals(UNIT) ? value : unit;
                help = name.equals(HELP) ? value : help;
            }
            if (!reader.isGood()) {
                return false;
            }
            notes.metadata(ref, new Metadata(type < TYPES.length ? TYPES[type] : MetricType.UNKNOWN, unit, help));
        }
        return reader.isGood();
    }
}
