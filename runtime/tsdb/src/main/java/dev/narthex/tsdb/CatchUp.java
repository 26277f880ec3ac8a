// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.HeadReplay;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import java.io.IOException;

/**
 * Brings what was committed during a replay from the log to the head, behind everything that is older. The series are in
 * the head already. For one thread.
 */
final class CatchUp implements RecordHandler, HistogramRecords.Histograms<IOException> {
    private final HeadReplay head;
    private final RecordReader reader = new RecordReader();

    CatchUp(HeadReplay head) {
        this.head = head;
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
        int limit = offset + length;
        reader.reset(bytes, offset + 1, limit);
        boolean good = switch (type) {
            case RecordType.SAMPLES -> SampleRecords.read(bytes, offset + 1, limit, head::catchUp);
            case RecordType.HISTOGRAMS,
                    RecordType.FLOAT_HISTOGRAMS,
                    RecordType.CUSTOM_HISTOGRAMS,
                    RecordType.CUSTOM_FLOAT_HISTOGRAMS -> HistogramRecords.read(type, reader, this);
            case RecordType.EXEMPLARS ->
                ExemplarRecords.read(reader, (ref, exemplar) -> {
                    boolean _ = head.exemplar(ref, exemplar);
                });
            case RecordType.METADATA ->
                MetadataRecords.read(reader, (ref, note) -> {
                    boolean _ = head.metadata(ref, note);
                });
            default -> true;
        };
        if (!good) {
            throw new IOException("tsdb: a record that was just written to the log cannot be read, type \""
                    + RecordType.name(type) + "\"");
        }
    }

    @Override
    public void histogram(long ref, long timestampMs, NativeHistogram histogram) throws IOException {
        head.catchUp(ref, timestampMs, histogram);
    }

    @Override
    public long takeMaxTimeMs() {
        return Long.MIN_VALUE;
    }
}
