// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Metadata;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.LabelBytes;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.SegmentRewrite;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;

/**
 * Takes the references out of the log that series got during a replay before their older ones were met. A Prometheus that
 * reads a series under another reference takes it for one that was made anew, and drops what it has of it. For one thread.
 */
final class NewNames implements SegmentRewrite.Change {
    private final Head head;
    private final LabelBytes labels = new LabelBytes();
    private final RecordReader reader = new RecordReader();
    private boolean begun;
    private final SamplePrefix prefix = new SamplePrefix();
    private long baseRef;
    private long baseTime;

    NewNames(Head head) {
        this.head = head;
    }

    @Override
    public void record(byte[] bytes, int offset, int length, WalBatch into) throws IOException {
        int type = length == 0 ? -1 : bytes[offset] & 0xff;
        int limit = offset + length;
        int before = into.sizeBytes();
        begun = false;
        reader.reset(bytes, offset + 1, limit);
        boolean good = switch (type) {
            case RecordType.SERIES -> series(bytes, offset + 1, limit, into);
            case RecordType.SAMPLES ->
                SampleRecords.read(
                        bytes,
                        offset + 1,
                        limit,
                        (ref, timestampMs, value, startMs) -> put(type, ref, timestampMs, value, startMs, into));
            case RecordType.ST_SAMPLES ->
                SampleRecords.readWithStarts(
                        reader,
                        (ref, timestampMs, value, startMs) -> put(type, ref, timestampMs, value, startMs, into));
            case RecordType.HISTOGRAMS,
                    RecordType.FLOAT_HISTOGRAMS,
                    RecordType.CUSTOM_HISTOGRAMS,
                    RecordType.CUSTOM_FLOAT_HISTOGRAMS,
                    RecordType.ST_HISTOGRAMS,
                    RecordType.ST_FLOAT_HISTOGRAMS ->
                HistogramRecords.read(type, reader, (ref, timestampMs, histogram, startMs) -> {
                    beginSample(type, ref, timestampMs, startMs, into);
                    HistogramRecords.write(into, histogram);
                });
            case RecordType.EXEMPLARS -> ExemplarRecords.read(reader, (ref, exemplar) -> put(ref, exemplar, into));
            case RecordType.METADATA -> MetadataRecords.read(reader, (ref, note) -> put(ref, note, into));
            default -> true;
        };
        if (!good) {
            throw new IOException("tsdb: a record that was just written to the log cannot be read, type \""
                    + RecordType.name(type) + "\"");
        }
        if (begun) {
            into.end();
        } else if (type != RecordType.SERIES && into.sizeBytes() == before) {
            into.putRecord(bytes, offset, length); // nothing in it names a series
        }
    }

    private boolean series(byte[] bytes, int offset, int limit, WalBatch into) {
        int at = offset;
        while (at < limit) {
            RecordReader number = reader;
            number.reset(bytes, at, limit);
            long ref = number.readLong();
            int end = labels.wrap(bytes, at + 8, limit);
            if (!number.isGood() || end < 0) {
                return false;
            }
            if (head.nameOf(ref) == ref) {
                if (!begun) {
                    begun = true;
                    into.begin(RecordType.SERIES);
                }
                int length = end - at - 8;
                byte[] page = into.putSeriesRef(ref, length);
                System.arraycopy(bytes, at + 8, page, into.position(), length);
                into.setPosition(into.position() + length);
            }
            at = end;
        }
        return true;
    }

    /** Begins a record of exemplars where it has not begun; the name of a series. */
    private long begin(long ref, long timestampMs, WalBatch into) {
        long name = head.nameOf(ref);
        if (!begun) {
            begun = true;
            baseRef = name;
            baseTime = timestampMs;
            into.begin(RecordType.EXEMPLARS);
            into.putSamplesBase(name, timestampMs);
        }
        return name;
    }

    private void put(int type, long ref, long timestampMs, double value, long startMs, WalBatch into) {
        beginSample(type, ref, timestampMs, startMs, into);
        into.putDouble(value);
    }

    private void beginSample(int type, long ref, long timestampMs, long startMs, WalBatch into) {
        if (!begun) {
            begun = true;
            prefix.begin(into, type);
        }
        prefix.put(into, head.nameOf(ref), timestampMs, startMs);
    }

    private void put(long ref, Exemplar exemplar, WalBatch into) {
        long name = begin(ref, exemplar.timestampMs(), into);
        ExemplarRecords.write(into, name - baseRef, exemplar.timestampMs() - baseTime, exemplar);
    }

    private void put(long ref, Metadata note, WalBatch into) {
        if (!begun) {
            begun = true;
            into.begin(RecordType.METADATA);
        }
        MetadataRecords.write(into, head.nameOf(ref), note);
    }
}
