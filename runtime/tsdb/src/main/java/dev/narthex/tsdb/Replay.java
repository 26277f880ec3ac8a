// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.HeadReplay;
import dev.narthex.tsdb.head.LabelBytes;
import dev.narthex.tsdb.head.ReplayedSamples;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Brings series and samples of the log back into the head; counts what it cannot use. For one thread. */
final class Replay implements HistogramRecords.Histograms<RuntimeException> {
    private static final Logger log = Logger.getLogger(Replay.class);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final HeadReplay head;
    private final long mintMs;
    private final LabelBytes labels = new LabelBytes();
    private final LabelBytes canonical = new LabelBytes();
    private final ReplayedSamples floats;
    private final RecordReader reader = new RecordReader();
    private final Map<Integer, Long> unusedRecords = new TreeMap<>();
    private long maxTimeMs = Long.MIN_VALUE;
    private long samples;
    private long series;
    private long unknownSeries;
    private long unknownNotes;
    private long malformed;

    /** @param mintMs samples before this are not brought back */
    Replay(HeadReplay head, long mintMs) {
        this.head = head;
        floats = head.floats();
        this.mintMs = mintMs;
    }

    /** Brings back float samples. */
    void samples(ReplayBatch batch, int from, int to) {
        floats.add(batch.refs, batch.timestampsMs, batch.values, batch.startsMs(), from, to);
    }

    /** Brings back what another record than one of samples holds. */
    void record(byte[] bytes, int offset, int length) {
        if (length == 0) {
            malformed++;
            return;
        }
        int type = bytes[offset] & 0xff;
        int limit = offset + length;
        switch (type) {
            case RecordType.SERIES -> series(bytes, offset + 1, limit, true);
            case RecordType.UNLOGGED_SERIES -> series(bytes, offset + 1, limit, false);
            case RecordType.HISTOGRAMS,
                    RecordType.FLOAT_HISTOGRAMS,
                    RecordType.CUSTOM_HISTOGRAMS,
                    RecordType.CUSTOM_FLOAT_HISTOGRAMS,
                    RecordType.ST_HISTOGRAMS,
                    RecordType.ST_FLOAT_HISTOGRAMS -> {
                reader.reset(bytes, offset + 1, limit);
                if (!HistogramRecords.read(type, reader, this)) {
                    malformed++;
                }
            }
            case RecordType.EXEMPLARS -> {
                reader.reset(bytes, offset + 1, limit);
                if (!ExemplarRecords.read(reader, this::exemplar)) {
                    malformed++;
                }
            }
            case RecordType.METADATA -> {
                reader.reset(bytes, offset + 1, limit);
                if (!MetadataRecords.read(reader, this::metadata)) {
                    malformed++;
                }
            }
            case RecordType.TOMBSTONES -> tombstones(bytes, offset + 1, limit);
            case RecordType.MMAP_MARKERS -> {
                // Says how far chunks_head goes; the samples themselves are in the log, too.
            }
            default -> unusedRecords.merge(type, 1L, Long::sum);
        }
    }

    private void tombstones(byte[] bytes, int offset, int limit) {
        reader.reset(bytes, offset, limit);
        while (reader.hasMore()) {
            long ref = reader.readLong();
            long fromMs = reader.readSvarint();
            long toMs = reader.readSvarint();
            if (!reader.isGood() || fromMs > toMs) {
                malformed++;
                return;
            }
            if (toMs >= mintMs) {
                head.tombstone(ref, fromMs, toMs);
                maxTimeMs = Math.max(maxTimeMs, toMs);
            }
        }
    }

    private void series(byte[] bytes, int offset, int limit, boolean logged) {
        int at = offset;
        while (at < limit) {
            if (limit - at < 8) {
                malformed++;
                return;
            }
            long ref = (long) LONG.get(bytes, at);
            at = labels.wrap(bytes, at + 8, limit);
            if (at < 0) {
                malformed++;
                return;
            }
            LabelBytes use = labels;
            if (!labels.isCanonical()) {
                canonical.set(labels.toLabels());
                use = canonical;
            }
            if (ref <= 0
                    || ref > Head.MAX_REF
                    || use.count() == 0
                    || use.count() > 0xffff
                    || (logged ? head.series(use, ref) : head.unloggedSeries(use, ref)) == 0) {
                malformed++;
            } else {
                series++;
            }
        }
    }

    @Override
    public void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) {
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
        if (timestampMs < mintMs) {
            return;
        }
        if (head.histogram(ref, timestampMs, histogram, startMs)) {
            samples++;
        } else {
            unknownSeries++;
        }
    }

    private void exemplar(long ref, Exemplar exemplar) {
        if (exemplar.timestampMs() >= mintMs && !head.exemplar(ref, exemplar)) {
            unknownNotes++;
        }
    }

    private void metadata(long ref, Metadata metadata) {
        if (!head.metadata(ref, metadata)) {
            unknownNotes++;
        }
    }

    /** The last timestamp of histograms and deletions since the last call; {@link Long#MIN_VALUE} where there was none. */
    long takeMaxTimeMs() {
        long taken = maxTimeMs;
        maxTimeMs = Long.MIN_VALUE;
        return taken;
    }

    /** Adds what was found in segments that were read apart. */
    void add(ReplayStats apart) {
        samples += apart.samples();
        unknownSeries += apart.unknownSeriesSamples();
        malformed += apart.malformedRecords();
    }

    /** Says what the log and the files of head chunks held that was not used. */
    void report(long chunksLeftOut, long malformedSamples) {
        malformed += malformedSamples;
        if (chunksLeftOut > 0) {
            log.warnf(
                    "head chunks belong to no series of the log or to what it has, they were left out chunks=%d",
                    chunksLeftOut);
        }
        unusedRecords.forEach((type, count) -> log.warnf(
                "WAL holds records that are not used, they stay until the log is truncated type=\"%s\" records=%d",
                RecordType.name(type), count));
        if (unknownSeries() > 0) {
            log.warnf("WAL samples belong to no known series and were left out samples=%d", unknownSeries());
        }
        if (unknownNotes > 0) {
            log.warnf("WAL exemplars and metadata belong to no known series and were left out count=%d", unknownNotes);
        }
        if (malformed > 0) {
            log.warnf("WAL records could not be understood and were left out records=%d", malformed);
        }
    }

    long samples() {
        return samples + floats.samples();
    }

    private long unknownSeries() {
        return unknownSeries + floats.unknownSeries();
    }

    long seriesRecords() {
        return series;
    }

    ReplayStats stats() {
        long unused = unusedRecords.values().stream().mapToLong(Long::longValue).sum();
        return new ReplayStats(samples(), unknownSeries(), unused, malformed);
    }
}
