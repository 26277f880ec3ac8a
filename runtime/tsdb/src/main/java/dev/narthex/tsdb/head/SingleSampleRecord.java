// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import org.jspecify.annotations.Nullable;

/** A record of the log that holds one sample. */
final class SingleSampleRecord {
    private SingleSampleRecord() {}

    /** @param histogram null for a float */
    static void write(WalBatch into, long ref, long timestampMs, double value, @Nullable NativeHistogram histogram) {
        into.begin(histogram == null ? RecordType.SAMPLES : HistogramRecords.type(histogram));
        into.putSamplesBase(ref, timestampMs);
        if (histogram == null) {
            into.putSample(0, 0, value);
        } else {
            HistogramRecords.write(into, 0, 0, histogram);
        }
        into.end();
    }
}
