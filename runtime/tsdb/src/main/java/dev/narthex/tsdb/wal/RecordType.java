// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

/** The first byte of a record: what it holds. */
public final class RecordType {
    /** Labels of series: reference (8 bytes), then as {@link dev.narthex.tsdb.head.LabelBytes}; repeated. */
    public static final int SERIES = 1;

    /**
     * Float samples: a base reference and a base timestamp (8 bytes each), then for each sample the distances of both
     * from the base as varints and the value (8 bytes).
     */
    public static final int SAMPLES = 2;

    public static final int TOMBSTONES = 3;
    public static final int EXEMPLARS = 4;
    public static final int MMAP_MARKERS = 5;
    public static final int METADATA = 6;
    public static final int HISTOGRAMS = 7;
    public static final int FLOAT_HISTOGRAMS = 8;
    public static final int CUSTOM_HISTOGRAMS = 9;
    public static final int CUSTOM_FLOAT_HISTOGRAMS = 10;
    /** Float samples with start timestamps: see {@link StartTimestampRecords}. */
    public static final int ST_SAMPLES = 11;

    public static final int ST_HISTOGRAMS = 12;
    public static final int ST_FLOAT_HISTOGRAMS = 13;

    /** As {@link #SERIES}, of which it is not known whether the log has them; on the way from a snapshot only, in no log. */
    public static final int UNLOGGED_SERIES = 255;

    private RecordType() {}

    /** The name of a type for logs. */
    public static String name(int type) {
        return switch (type) {
            case SERIES -> "series";
            case SAMPLES -> "samples";
            case TOMBSTONES -> "tombstones";
            case EXEMPLARS -> "exemplars";
            case MMAP_MARKERS -> "mmap markers";
            case METADATA -> "metadata";
            case HISTOGRAMS -> "histogram samples";
            case FLOAT_HISTOGRAMS -> "float histogram samples";
            case CUSTOM_HISTOGRAMS -> "custom bucket histogram samples";
            case CUSTOM_FLOAT_HISTOGRAMS -> "custom bucket float histogram samples";
            case ST_SAMPLES -> "samples with start timestamps";
            case ST_HISTOGRAMS -> "histogram samples with start timestamps";
            case ST_FLOAT_HISTOGRAMS -> "float histogram samples with start timestamps";
            default -> "type " + type;
        };
    }
}
