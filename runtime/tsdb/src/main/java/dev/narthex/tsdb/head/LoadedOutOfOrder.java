// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import dev.narthex.tsdb.headchunk.HeadChunkBuffer;
import dev.narthex.tsdb.headchunk.HeadChunkHandler;
import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.Arrays;
import org.jboss.logging.Logger;

/**
 * The chunks of samples out of order that were found in files at the start. One comes to its series when the log of such
 * samples names it: what that does not name is in a block already. They come in the order of where they stand. For one
 * thread.
 */
final class LoadedOutOfOrder implements HeadChunkHandler {
    private static final Logger log = Logger.getLogger(LoadedOutOfOrder.class);
    /** Numbers of a chunk: series reference, first and last timestamp, encoding (32 bits) | length (32 bits), place. */
    private static final int FIELDS = 5;

    private final HeadSamples samples;
    private final OutOfOrderStore store;
    private final HeadChunkBuffer buffer = new HeadChunkBuffer();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final SampleBuffer decoded = new SampleBuffer();
    private long[] chunks = {};
    private int count;
    private long maxSeriesRef;

    LoadedOutOfOrder(HeadSamples samples, OutOfOrderStore store) {
        this.samples = samples;
        this.store = store;
    }

    @Override
    public void chunk(long seriesRef, long mint, long maxt, int encoding, long reference, int dataBytes) {
        maxSeriesRef = Math.max(maxSeriesRef, seriesRef);
        if (!MappedChunks.isKnown(encoding) || maxt < mint) {
            return; // its samples are in the log, too
        }
        if (FIELDS * (count + 1) > chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(FIELDS * 64, 2 * chunks.length));
        }
        int at = FIELDS * count++;
        chunks[at] = seriesRef;
        chunks[at + 1] = mint;
        chunks[at + 2] = maxt;
        chunks[at + 3] = (long) encoding << 32 | dataBytes;
        chunks[at + 4] = reference;
    }

    /** Gives a chunk to its series, in the place of the samples that it holds; false where there is no such chunk. */
    boolean attach(long seriesRef, int record, long reference) throws IOException {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chunks[FIELDS * middle + 4] < reference) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return count > 0
                && chunks[FIELDS * low + 4] == reference
                && chunks[FIELDS * low] == seriesRef
                && attach(low, record);
    }

    private boolean attach(int chunk, int record) throws IOException {
        int at = FIELDS * chunk;
        int dataBytes = (int) chunks[at + 3];
        int encoding = (int) (chunks[at + 3] >>> 32);
        decoded.clear();
        try {
            if (!samples.mapped().read(chunks[at + 4], dataBytes, buffer)) {
                return false;
            }
            decoder.decode(
                    MappedChunks.encoding(encoding),
                    buffer.bytes(),
                    buffer.dataOffset(),
                    dataBytes,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    decoded);
        } catch (CorruptChunkException e) {
            log.warnf(e, "head chunk is left out, its samples are in the log reference=%d", chunks[at + 4]);
            return false;
        }
        store.removeAll(record, Arrays.copyOf(decoded.timestampsMs(), decoded.size()));
        store.addChunk(record, encoding, dataBytes, chunks[at + 1], chunks[at + 2], chunks[at + 4]);
        chunks[at] = 0; // no series has this reference
        return true;
    }

    /** Finds the record of a series reference, 0 for none. */
    @FunctionalInterface
    interface Series {
        int record(long ref);
    }

    /**
     * Gives all chunks to their series that the log has not named, since a part of it is damaged.
     *
     * @param markers gets markers of them, for the log
     */
    void attachRest(Series series, WalBatch markers) throws IOException {
        boolean begun = false;
        for (int chunk = 0; chunk < count; chunk++) {
            long ref = chunks[FIELDS * chunk];
            int record = series.record(ref);
            if (record != 0 && attach(chunk, record)) {
                if (!begun) {
                    markers.begin(RecordType.MMAP_MARKERS);
                    begun = true;
                }
                MmapMarkerRecords.write(markers, ref, chunks[FIELDS * chunk + 4]);
            }
        }
        if (begun) {
            markers.end();
        }
    }

    /** The greatest series reference that the files name. */
    long maxSeriesRef() {
        return maxSeriesRef;
    }

    void clear() {
        chunks = new long[0];
        count = 0;
    }
}
