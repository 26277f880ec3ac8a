// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import java.io.IOException;

/**
 * Keeps back the samples of segments that were written during replays of earlier runs that did not come to their end, when
 * the log is replayed: they were not compared with what their series had, so they come in their turn behind it, by {@link
 * CatchUp}. Their series are brought back with all others. For one thread.
 */
final class UncheckedSegments implements RecordHandler, HistogramRecords.Histograms<RuntimeException> {
    private final RecordHandler handler;
    private final int first;
    private final RecordReader reader = new RecordReader();
    private boolean unchecked;
    private long maxTimeMs = Long.MIN_VALUE;

    /**
     * @param handler takes everything else
     * @param first the number of the first such segment
     */
    UncheckedSegments(RecordHandler handler, int first) {
        this.handler = handler;
        this.first = first;
    }

    /** A segment is about to be read. */
    void segment(int number) {
        unchecked = number >= first;
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
        if (!unchecked || type == RecordType.SERIES) {
            handler.record(bytes, offset, length);
        } else if (type == RecordType.SAMPLES) {
            boolean _ =
                    SampleRecords.read(bytes, offset + 1, offset + length, (_, timestampMs, _, _) -> at(timestampMs));
        } else if (type == RecordType.ST_SAMPLES) {
            reader.reset(bytes, offset + 1, offset + length);
            boolean _ = SampleRecords.readWithStarts(reader, (_, timestampMs, _, _) -> at(timestampMs));
        } else if (HistogramRecords.isHistograms(type)) {
            reader.reset(bytes, offset + 1, offset + length);
            boolean _ = HistogramRecords.read(type, reader, this);
        }
    }

    @Override
    public void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) {
        at(timestampMs);
    }

    private void at(long timestampMs) {
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
    }

    @Override
    public long takeMaxTimeMs() throws IOException {
        long taken = Math.max(maxTimeMs, handler.takeMaxTimeMs());
        maxTimeMs = Long.MIN_VALUE;
        return taken;
    }
}
