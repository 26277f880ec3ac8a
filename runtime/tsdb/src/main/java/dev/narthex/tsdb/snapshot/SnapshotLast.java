// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.head.OpenChunk;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.Objects;

/** Writes what a record says of the last sample of an open chunk; a reader of ours takes it from the chunk. For one thread. */
final class SnapshotLast {
    /** Once there was room for four samples with their times; Prometheus uses that of the last value only. */
    private static final int UNUSED_NUMBERS = 7;

    private final ChunkDecoder decoder = new ChunkDecoder();
    private final SampleBuffer decoded = new SampleBuffer();

    void write(WalBatch into, OpenChunk chunk) {
        if (chunk.encoding().isFloats()) {
            for (int i = 0; i < UNUSED_NUMBERS; i++) {
                into.putLong(0);
            }
            into.putDouble(chunk.lastValue());
            return;
        }
        decoded.clear();
        decoder.decode(
                chunk.encoding(),
                chunk.bytes(),
                chunk.offset(),
                chunk.length(),
                chunk.lastMs(),
                chunk.lastMs(),
                decoded);
        NativeHistogram last = decoded.histogram(decoded.size() - 1);
        HistogramRecords.write(into, Objects.requireNonNull(last));
    }
}
