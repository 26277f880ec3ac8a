// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.WalBatch;
import org.jspecify.annotations.Nullable;

/** A record of the log that holds one sample. */
final class SingleSampleRecord {
    private SingleSampleRecord() {}

    /**
     * @param histogram null for a float
     * @param startMs its start timestamp, 0 for none
     */
    static void write(
            WalBatch into,
            long ref,
            long timestampMs,
            double value,
            @Nullable NativeHistogram histogram,
            long startMs) {
        SamplePrefix prefix = new SamplePrefix();
        prefix.begin(into, type(histogram, startMs != 0));
        prefix.put(into, ref, timestampMs, startMs);
        if (histogram == null) {
            into.putDouble(value);
        } else {
            HistogramRecords.write(into, histogram);
        }
        into.end();
    }

    private static int type(@Nullable NativeHistogram histogram, boolean withStart) {
        if (histogram == null) {
            return withStart ? RecordType.ST_SAMPLES : RecordType.SAMPLES;
        }
        return withStart ? HistogramRecords.typeWithStart(histogram) : HistogramRecords.type(histogram);
    }
}
