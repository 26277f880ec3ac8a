// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.LabelBytes;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.LogScan;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot as records of the log: of each series its labels, then the samples of its open chunk. Everything is
 * checked on the way; what is not as it should be ends it with a {@link DamagedSnapshotException}. For one thread.
 */
final class SnapshotReader implements RecordHandler {
    private static final List<ChunkEncoding> ENCODINGS = List.of(ChunkEncoding.values());

    private final RecordHandler into;
    private final int seriesType;
    private final RecordReader reader = new RecordReader();
    private final LabelBytes labels = new LabelBytes();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final SampleBuffer samples = new SampleBuffer();
    private final WalBatch batch = new WalBatch();
    private final SamplePrefix prefix = new SamplePrefix();
    private int series;
    private boolean complete;
    private long maxTimeMs = Long.MIN_VALUE;

    /**
     * @param into takes records of the log
     * @param seriesType the type of those that tell of a series
     */
    SnapshotReader(RecordHandler into, int seriesType) {
        this.into = into;
        this.seriesType = seriesType;
    }

    /** Reads a snapshot's directory; how many series it has. */
    int read(StorageFiles files, Path directory) throws IOException {
        LogScan scan = new LogScan(files, directory);
        scan.run(this);
        if (scan.damages() > 0) {
            throw new DamagedSnapshotException("its segments are damaged, found " + scan.damages() + " places");
        }
        if (!complete) {
            throw new DamagedSnapshotException(
                    "its end is missing, found " + series + " series and no deletions behind");
        }
        return series;
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int limit = offset + length;
        int type = length == 0 ? -1 : bytes[offset] & 0xff;
        batch.clear();
        switch (type) {
            case SnapshotRecords.SERIES -> series(bytes, offset + 1, limit);
            case SnapshotRecords.TOMBSTONES -> {
                reader.reset(bytes, offset + 1, limit);
                SnapshotTombstones.read(reader, batch);
                complete = true;
            }
            case SnapshotRecords.EXEMPLARS -> {
                reader.reset(bytes, offset + 1, limit);
                require(ExemplarRecords.read(reader, (_, _) -> {}), "exemplars");
                batch.begin(RecordType.EXEMPLARS);
                batch.putBytes(bytes, offset + 1, length - 1);
                batch.end();
            }
            default -> throw new DamagedSnapshotException("a record has type " + type + ", 1, 2 and 3 are known");
        }
        batch.forEach(into);
    }

    private static void require(boolean good, String what) throws IOException {
        if (!good) {
            throw new DamagedSnapshotException("a record of " + what + " is not well formed");
        }
    }

    private void series(byte[] bytes, int offset, int limit) throws IOException {
        reader.reset(bytes, offset, limit);
        long ref = reader.readLong();
        int end = reader.isGood() ? labels.wrap(bytes, offset + Long.BYTES, limit) : -1;
        require(end >= 0 && ref > 0 && ref <= Head.MAX_REF, "a series");
        batch.begin(seriesType);
        batch.putBytes(bytes, offset, end - offset);
        batch.end();
        series++;
        reader.reset(bytes, end, limit);
        long _ = reader.readLong(); // once the range of chunks
        long chunks = reader.readUvarint();
        require(reader.isGood() && (chunks == 0 || chunks == 1), "a series");
        if (chunks == 1) {
            long _ = reader.readLong();
            long _ = reader.readLong();
            int number = reader.readByte();
            int size = reader.readCount(1);
            require(reader.isGood(), "a series");
            decode(number, bytes, limit - reader.left(), size);
            putSamples(ref);
        }
    }

    private void decode(int number, byte[] bytes, int offset, int length) throws IOException {
        samples.clear();
        try {
            decoder.decode(encoding(number), bytes, offset, length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        } catch (CorruptChunkException e) {
            throw new DamagedSnapshotException("an open chunk cannot be read: " + e.getMessage(), e);
        }
        if (!samples.isEmpty()) {
            maxTimeMs = Math.max(maxTimeMs, samples.timestampMs(samples.size() - 1));
        }
    }

    private static ChunkEncoding encoding(int number) throws IOException {
        for (ChunkEncoding encoding : ENCODINGS) {
            if (encoding.number() == number) {
                return encoding;
            }
        }
        throw new DamagedSnapshotException("an open chunk has encoding " + number + ", which is not known");
    }

    /** With start timestamps, where the chunk has some. */
    private void putSamples(long ref) {
        int size = samples.size();
        if (size == 0) {
            return;
        }
        boolean withStarts = samples.hasStartTimestamps();
        int begun = 0;
        for (int i = 0; i < size; i++) {
            NativeHistogram histogram = samples.hasHistograms() ? samples.histogram(i) : null;
            int type = type(histogram, withStarts);
            if (type != begun) {
                if (begun != 0) {
                    batch.end();
                }
                prefix.begin(batch, type);
                begun = type;
            }
            prefix.put(batch, ref, samples.timestampMs(i), samples.startTimestampMs(i));
            if (histogram == null) {
                batch.putDouble(samples.value(i));
            } else {
                HistogramRecords.write(batch, histogram);
            }
        }
        batch.end();
    }

    private static int type(@Nullable NativeHistogram histogram, boolean withStarts) {
        if (histogram == null) {
            return withStarts ? RecordType.ST_SAMPLES : RecordType.SAMPLES;
        }
        return withStarts ? HistogramRecords.typeWithStart(histogram) : HistogramRecords.type(histogram);
    }

    @Override
    public long takeMaxTimeMs() {
        return maxTimeMs;
    }
}
