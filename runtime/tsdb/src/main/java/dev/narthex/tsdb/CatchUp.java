// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.HeadReplay;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.LogTail;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings what was committed during a replay from the log to the head, behind everything that is older: first what earlier
 * runs took during replays that did not come to their end, then what this run has taken. The series are in the head already,
 * but where a log of an earlier run was damaged since; so much is counted. For one thread.
 */
final class CatchUp implements RecordHandler, HistogramRecords.Histograms<IOException> {
    private final HeadReplay head;
    private final RecordReader reader = new RecordReader();
    private boolean earlier;
    private long samples;
    private long unknownSeries;
    private long malformed;

    CatchUp(HeadReplay head) {
        this.head = head;
    }

    /** Brings back the segments of earlier runs, each as it is. */
    void earlier(StorageFiles files, Path directory, List<Wal.Segment> segments) throws IOException {
        earlier = true;
        head.ofEarlierRuns(true);
        for (Wal.Segment segment : segments) {
            try (LogTail tail = new LogTail(files, directory, segment.number())) {
                tail.readTo(new Wal.End(segment.number(), segment.sizeBytes()), this);
            }
        }
        head.ofEarlierRuns(false);
        earlier = false;
    }

    /** What was found in the segments of earlier runs. */
    ReplayStats earlierStats() {
        return new ReplayStats(samples, unknownSeries, 0, malformed);
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
        int limit = offset + length;
        reader.reset(bytes, offset + 1, limit);
        boolean good = switch (type) {
            case RecordType.SAMPLES -> SampleRecords.read(bytes, offset + 1, limit, this::sample);
            case RecordType.ST_SAMPLES -> SampleRecords.readWithStarts(reader, this::sample);
            case RecordType.HISTOGRAMS,
                    RecordType.FLOAT_HISTOGRAMS,
                    RecordType.CUSTOM_HISTOGRAMS,
                    RecordType.CUSTOM_FLOAT_HISTOGRAMS,
                    RecordType.ST_HISTOGRAMS,
                    RecordType.ST_FLOAT_HISTOGRAMS -> HistogramRecords.read(type, reader, this);
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
        if (!good && earlier) {
            malformed++;
        } else if (!good) {
            throw new IOException("tsdb: a record that was just written to the log cannot be read, type \""
                    + RecordType.name(type) + "\"");
        }
    }

    private void sample(long ref, long timestampMs, double value, long startMs) throws IOException {
        count(ref, head.catchUp(ref, timestampMs, value, startMs));
    }

    private void count(long ref, boolean known) {
        if (earlier) {
            samples += known ? 1 : 0;
            unknownSeries += known ? 0 : 1;
        } else if (!known) {
            throw new IllegalStateException("tsdb: a sample was written to the log for series reference " + ref
                    + ", which stands for no series");
        }
    }

    @Override
    public void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) throws IOException {
        count(ref, head.catchUp(ref, timestampMs, histogram, startMs));
    }

    @Override
    public long takeMaxTimeMs() {
        return Long.MIN_VALUE;
    }
}
