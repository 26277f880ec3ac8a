// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Exemplar;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.MetadataLog;
import dev.narthex.tsdb.wal.CheckpointWriter;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Puts a checkpoint in the place of the log's oldest segments once their samples are mostly gone.
 *
 * <p>A checkpoint has the labels of all series in the head, taken from the head itself, and of the samples in the
 * segments those that are still kept. As segments end every two hours, a segment is mostly dropped as a whole: then
 * none of its samples is read, and a checkpoint costs what the labels cost. Only where a late timestamp keeps a segment
 * from being dropped are the samples before and behind it copied. For one thread.
 */
final class Checkpoints {
    private static final Logger log = Logger.getLogger(Checkpoints.class);
    private static final int BATCH_BYTES = 1 << 18;

    private final StorageFiles files;
    private final Wal wal;
    private final Head head;
    private final TsdbObserver observer;
    private int checkpoint;
    /** The last timestamp of the samples in the checkpoint; unknown after a start, so as late as can be. */
    private long checkpointMaxTimeMs = Long.MAX_VALUE;

    private volatile long sizeBytes;

    Checkpoints(StorageFiles files, Wal wal, Head head, TsdbObserver observer, int checkpoint, long sizeBytes) {
        this.files = files;
        this.wal = wal;
        this.head = head;
        this.observer = observer;
        this.checkpoint = checkpoint;
        this.sizeBytes = sizeBytes;
        if (checkpoint < 0) {
            checkpointMaxTimeMs = Long.MIN_VALUE;
        }
    }

    /** The size of the newest checkpoint. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Writes a checkpoint where it pays; true where one was written. */
    boolean run(long mintMs) throws IOException {
        int last = lastToReplace(wal.ended(), mintMs);
        if (last < 0) {
            return false;
        }
        // What a failed write has left may name series that only the segments to be dropped have, and the head no more.
        head.betweenCommits(wal::mend);
        try (CheckpointWriter writer = CheckpointWriter.begin(files, wal, last)) {
            writeSeries(writer);
            MetadataLog.write(head, writer::write);
            writeTombstones(writer);
            Kept kept = new Kept(writer, mintMs);
            if (checkpointMaxTimeMs >= mintMs && checkpoint >= 0) {
                writer.readCheckpoint(checkpoint, kept);
            }
            for (Wal.Segment segment : wal.ended()) {
                if (segment.number() <= last && segment.maxTimeMs() >= mintMs) {
                    writer.readSegment(segment.number(), kept);
                }
            }
            kept.flush();
            sizeBytes = writer.complete();
            checkpointMaxTimeMs = kept.takeMaxTimeMs();
            checkpoint = last;
            removeOlder(writer);
        }
        wal.removeUpTo(last);
        log.infof("WAL checkpoint written last_segment=%d size_bytes=%d", last, sizeBytes);
        return true;
    }

    /** What stays does no harm: the newest one counts, and the next one removes it. */
    private void removeOlder(CheckpointWriter writer) {
        boolean well = false;
        try {
            writer.removeOlder();
            well = true;
        } catch (IOException e) {
            log.warn("an older WAL checkpoint could not be removed, it will be tried again", e);
        } finally {
            observer.checkpointsRemoved(well);
        }
    }

    /** The last of the oldest segments of which at least half the bytes hold dropped samples only; -1 for none. */
    private static int lastToReplace(List<Wal.Segment> ended, long mintMs) {
        int last = -1;
        long bytes = 0;
        long droppedBytes = 0;
        for (Wal.Segment segment : ended) {
            bytes += segment.sizeBytes();
            if (segment.maxTimeMs() < mintMs) {
                droppedBytes += segment.sizeBytes();
            }
            boolean whole = droppedBytes == bytes;
            if (whole || (segment.maxTimeMs() < mintMs && 2 * droppedBytes >= bytes)) {
                last = segment.number();
            }
        }
        return last;
    }

    private void writeSeries(CheckpointWriter writer) throws IOException {
        WalBatch batch = new WalBatch();
        boolean begun = false;
        for (long entry : head.seriesEntries()) {
            if (!begun) {
                batch.begin(RecordType.SERIES);
                begun = true;
            }
            byte[] into = batch.putSeriesRef(Head.refOf(entry), head.labelsBytes(entry));
            batch.setPosition(head.copyLabels(entry, into, batch.position()));
            if (batch.position() > BATCH_BYTES) {
                batch.end();
                writer.write(batch);
                batch.clear();
                begun = false;
            }
        }
        if (begun) {
            batch.end();
            writer.write(batch);
        }
    }

    private void writeTombstones(CheckpointWriter writer) throws IOException {
        WalBatch batch = new WalBatch();
        head.tombstones().write(batch);
        if (!batch.isEmpty()) {
            writer.write(batch);
        }
    }

    /** Passes on what is kept of the records of a checkpoint and of segments. */
    private final class Kept implements RecordHandler {
        private final CheckpointWriter writer;
        private final long mintMs;
        private final WalBatch batch = new WalBatch();
        private final RecordReader reader = new RecordReader();
        private final SamplePrefix prefix = new SamplePrefix();
        private int recordType;
        private long maxTimeMs = Long.MIN_VALUE;
        private boolean begun;
        private long baseRef;
        private long baseTime;

        Kept(CheckpointWriter writer, long mintMs) {
            this.writer = writer;
            this.mintMs = mintMs;
        }

        @Override
        public void record(byte[] bytes, int offset, int length) throws IOException {
            int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
            switch (type) {
                case RecordType.SERIES, RecordType.TOMBSTONES -> {
                    // All series and deletions have been written from the head.
                }
                case RecordType.SAMPLES -> {
                    begun = false;
                    recordType = type;
                    SampleRecords.read(bytes, offset + 1, offset + length, this::sample);
                    if (begun) {
                        batch.end();
                    }
                }
                case RecordType.ST_SAMPLES -> {
                    begun = false;
                    recordType = type;
                    reader.reset(bytes, offset + 1, offset + length);
                    SampleRecords.readWithStarts(reader, this::sample);
                    if (begun) {
                        batch.end();
                    }
                }
                case RecordType.HISTOGRAMS,
                        RecordType.FLOAT_HISTOGRAMS,
                        RecordType.CUSTOM_HISTOGRAMS,
                        RecordType.CUSTOM_FLOAT_HISTOGRAMS,
                        RecordType.ST_HISTOGRAMS,
                        RecordType.ST_FLOAT_HISTOGRAMS -> {
                    begun = false;
                    recordType = type;
                    reader.reset(bytes, offset + 1, offset + length);
                    HistogramRecords.read(type, reader, this::histogram);
                    if (begun) {
                        batch.end();
                    }
                }
                case RecordType.METADATA -> {
                    // The last word on each series has been written from the head.
                }
                case RecordType.EXEMPLARS -> {
                    begun = false;
                    reader.reset(bytes, offset + 1, offset + length);
                    ExemplarRecords.read(reader, this::exemplar);
                    if (begun) {
                        batch.end();
                    }
                }
                default -> batch.putRecord(bytes, offset, length);
            }
            if (batch.sizeBytes() > BATCH_BYTES) {
                flush();
            }
        }

        private void sample(long ref, long timestampMs, double value, long startMs) {
            if (isKept(ref, timestampMs)) {
                beginSample(ref, timestampMs, startMs);
                batch.putDouble(value);
            }
        }

        private void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) {
            if (isKept(ref, timestampMs)) {
                beginSample(ref, timestampMs, startMs);
                HistogramRecords.write(batch, histogram);
            }
        }

        /** Begins a sample, and with the first one that is kept the record, which is of the type that it was of. */
        private void beginSample(long ref, long timestampMs, long startMs) {
            if (!begun) {
                begun = true;
                prefix.begin(batch, recordType);
            }
            prefix.put(batch, ref, timestampMs, startMs);
        }

        private void exemplar(long ref, Exemplar exemplar) {
            if (isKept(ref, exemplar.timestampMs())) {
                if (!begun) {
                    begun = true;
                    baseRef = ref;
                    baseTime = exemplar.timestampMs();
                    batch.begin(RecordType.EXEMPLARS);
                    batch.putSamplesBase(ref, baseTime);
                }
                ExemplarRecords.write(batch, ref - baseRef, exemplar.timestampMs() - baseTime, exemplar);
            }
        }

        private boolean isKept(long ref, long timestampMs) {
            if (timestampMs < mintMs || !head.hasSeries(ref)) {
                return false;
            }
            maxTimeMs = Math.max(maxTimeMs, timestampMs);
            return true;
        }

        void flush() throws IOException {
            if (!batch.isEmpty()) {
                writer.write(batch);
                batch.clear();
            }
        }

        @Override
        public long takeMaxTimeMs() {
            return maxTimeMs;
        }
    }
}
