// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.OutOfOrderHead;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jboss.logging.Logger;

/**
 * Brings samples of the log of samples out of order back into the head, behind the replay of the other log, which has
 * their series. For one thread.
 */
final class OutOfOrderReplay
        implements RecordHandler, SampleRecords.Samples, HistogramRecords.Histograms<RuntimeException> {
    private static final Logger log = Logger.getLogger(OutOfOrderReplay.class);

    private final OutOfOrderHead head;
    private final RecordReader reader = new RecordReader();
    private long maxTimeMs = Long.MIN_VALUE;
    private long samples;
    private long unknownSeries;
    private long unusedRecords;
    private long malformed;

    OutOfOrderReplay(OutOfOrderHead head) {
        this.head = head;
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? 0 : bytes[offset] & 0xff;
        int limit = offset + length;
        reader.reset(bytes, offset + 1, Math.max(limit, offset + 1));
        boolean good = switch (type) {
            case 0 -> false;
            case RecordType.SAMPLES -> SampleRecords.read(bytes, offset + 1, limit, this);
            case RecordType.ST_SAMPLES -> SampleRecords.readWithStarts(reader, this);
            case RecordType.HISTOGRAMS,
                    RecordType.FLOAT_HISTOGRAMS,
                    RecordType.CUSTOM_HISTOGRAMS,
                    RecordType.CUSTOM_FLOAT_HISTOGRAMS,
                    RecordType.ST_HISTOGRAMS,
                    RecordType.ST_FLOAT_HISTOGRAMS -> HistogramRecords.read(type, reader, this);
            case RecordType.MMAP_MARKERS -> markers();
            default -> {
                unusedRecords++;
                yield true;
            }
        };
        if (!good) {
            malformed++;
        }
    }

    private boolean markers() throws IOException {
        try {
            return MmapMarkerRecords.read(reader, this::marker);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void marker(long ref, long chunkReference) {
        head.named(ref);
        try {
            head.replayMarker(ref, chunkReference);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void sample(long ref, long timestampMs, double value, long startMs) {
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
        head.named(ref);
        count(head.replay(ref, timestampMs, value, null, startMs));
    }

    @Override
    public void histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) {
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
        head.named(ref);
        count(head.replay(ref, timestampMs, 0, histogram, startMs));
    }

    private void count(boolean known) {
        if (known) {
            samples++;
        } else {
            unknownSeries++;
        }
    }

    @Override
    public long takeMaxTimeMs() {
        long taken = maxTimeMs;
        maxTimeMs = Long.MIN_VALUE;
        return taken;
    }

    /**
     * Ends the replay: where the log was damaged, chunks that it may have named are taken all the same.
     *
     * @return the markers of these, which the log needs for the next start
     */
    WalBatch end(WalRecovery.Damage damage) throws IOException {
        WalBatch markers = new WalBatch();
        if (damage.damagedSegments() > 0 || damage.missingSegments() > 0) {
            markers = head.replayAllChunks();
            if (!markers.isEmpty()) {
                log.warn("WBL is damaged, chunks that it does not name any more were taken");
            }
        }
        if (unknownSeries > 0) {
            log.warnf("WBL samples belong to no known series and were left out samples=%d", unknownSeries);
        }
        if (malformed > 0 || unusedRecords > 0) {
            log.warnf("WBL records could not be used and were left out records=%d", malformed + unusedRecords);
        }
        return markers;
    }

    ReplayStats stats() {
        return new ReplayStats(samples, unknownSeries, unusedRecords, malformed);
    }
}
