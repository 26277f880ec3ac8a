// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.tsdb.chunk.CounterResetHeader;
import dev.narthex.tsdb.chunk.HistogramEncoder;
import dev.narthex.tsdb.chunk.Xor2Encoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The open chunks of series whose last sample is a histogram. Chunk and encoder state of a series are pieces of slabs;
 * its record says where ({@link SeriesLayout}). For the writer of {@link HeadSamples}, inside a change of the series.
 */
final class OpenHistograms {
    /** A chunk is closed when it has taken this many bytes … */
    private static final int MAX_CHUNK_BYTES = 1024;
    /** … and has this many samples, however large they are; as in Prometheus. */
    private static final int MIN_CHUNK_SAMPLES = 10;
    /** But a chunk of this many bytes is closed in any case. */
    private static final int HUGE_CHUNK_BYTES = 4 << 20;

    private static final int MAX_CHUNK_SAMPLES = 0xffff;
    private static final int MAX_STARTED_SAMPLES = 0x3fff;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** In front of the encoder's state: the buckets of the last sample. */
    private static final int STATE_PREFIX = 8;

    private final ByteSlab chunks;
    private final ByteSlab states;
    private final ChunkRange range;
    private final HistogramEncoder encoder = new HistogramEncoder();
    private CounterResetHeader header = CounterResetHeader.UNKNOWN;
    /** Series whose last sample is a histogram, and the buckets of these samples. */
    private long seriesCount;

    private long bucketCount;

    OpenHistograms(MemoryAccount account, ByteSlab chunks, ChunkRange range) {
        this.chunks = chunks;
        this.range = range;
        states = new ByteSlab(account.tag("open histograms"));
    }

    /** The encoding of the open chunk of a series as in {@link SeriesLayout#STATE}: 0 for XOR or none. */
    static int encoding(long[] fields, int base) {
        return (int) (fields[base + SeriesLayout.STATE] >>> SeriesLayout.ENCODING_SHIFT);
    }

    static boolean isHistograms(long[] fields, int base) {
        return isHistograms(encoding(fields, base));
    }

    /** Whether chunks of an encoding are of histograms: all but those of 0 and {@link SeriesLayout#XOR2}. */
    static boolean isHistograms(int encoding) {
        return (encoding & ~SeriesLayout.XOR2) != 0;
    }

    static boolean isFloatHistograms(long[] fields, int base) {
        int encoding = encoding(fields, base);
        return encoding == ChunkEncoding.FLOAT_HISTOGRAM.number()
                || encoding == ChunkEncoding.FLOAT_HISTOGRAM_ST.number();
    }

    /** The first timestamp of a chunk whose prefix begins at an offset. */
    static long firstTimestampMs(byte[] page, int offset) {
        return (long) LONG.get(page, offset);
    }

    /** Whether a histogram is the last sample of a series. */
    boolean isLast(long[] fields, int base, NativeHistogram histogram) {
        if (!isHistograms(fields, base)) {
            return false;
        }
        int chunk = chunk(fields, base);
        int state = state(fields, base);
        return encoder.isLast(
                chunks.page(chunk),
                chunks.offset(chunk) + SeriesLayout.HISTOGRAM_PREFIX,
                states.page(state),
                states.offset(state) + STATE_PREFIX,
                histogram);
    }

    /**
     * Adds a histogram to the open chunk; false where it has to {@link #begin} another one.
     *
     * @param startMs 0 for none; a staleness marker without one is given that of the sample before
     */
    boolean append(long[] fields, int base, long timestampMs, NativeHistogram histogram, long startMs) {
        if (!isHistograms(fields, base)) {
            header = CounterResetHeader.first(histogram.counterResetHint());
            return false;
        }
        int chunk = chunk(fields, base);
        int state = state(fields, base);
        byte[] page = chunks.page(chunk);
        int data = chunks.offset(chunk) + SeriesLayout.HISTOGRAM_PREFIX;
        HistogramEncoder.Fit fit =
                encoder.fit(page, data, states.page(state), states.offset(state) + STATE_PREFIX, histogram);
        if (fit == HistogramEncoder.Fit.NEW_CHUNK
                || isFull(fields, base, timestampMs)
                || (startMs != 0 && !encoder.withStarts())) {
            header = encoder.header();
            return false;
        }
        long start = startMs == 0 && histogram.isStale() ? encoder.lastStartMs() : startMs;
        if (fit == HistogramEncoder.Fit.RECODE) {
            encoder.recode(page, data, timestampMs, histogram, start);
        } else {
            encoder.append(page, data, timestampMs, histogram, start);
        }
        long firstMs = firstTimestampMs(page, chunks.offset(chunk));
        put(fields, base, firstMs);
        setBuckets(fields, base, histogram);
        return true;
    }

    private boolean isFull(long[] fields, int base, long timestampMs) {
        int samples = (int) fields[base + SeriesLayout.OPEN] & 0xffff;
        int bytes = sizeBytes(fields, base);
        return !range.holdsBoth(fields[base + SeriesLayout.LAST_T], timestampMs)
                || (samples >= MIN_CHUNK_SAMPLES && bytes >= MAX_CHUNK_BYTES)
                || samples == (encoder.withStarts() ? MAX_STARTED_SAMPLES : MAX_CHUNK_SAMPLES)
                || bytes >= HUGE_CHUNK_BYTES;
    }

    /** Begins a chunk with the histogram that {@link #append} did not add; the series has no open chunk. */
    void begin(long[] fields, int base, long timestampMs, NativeHistogram histogram, long startMs) {
        if (startMs == 0) {
            encoder.begin(header, timestampMs, histogram);
        } else {
            encoder.beginWithStart(header, timestampMs, histogram, startMs);
        }
        fields[base + SeriesLayout.STATE] = (long) encoder.encoding().number() << SeriesLayout.ENCODING_SHIFT;
        fields[base + SeriesLayout.DISTANCE] = 0;
        put(fields, base, timestampMs);
        seriesCount++;
        int state = state(fields, base);
        LONG.set(states.page(state), states.offset(state), 0L);
        setBuckets(fields, base, histogram);
    }

    /** Writes what the encoder has made to chunk and state, which become larger where they must. */
    private void put(long[] fields, int base, long firstMs) {
        int size = SeriesLayout.HISTOGRAM_PREFIX + encoder.sizeBytes();
        int chunk = chunk(fields, base);
        if (chunk == 0 || chunks.capacity(chunk) < size) {
            int larger = chunks.allocate(chunk == 0 ? size + size / 2 : size + Math.max(64, size / 4));
            if (chunk != 0) {
                int kept = SeriesLayout.HISTOGRAM_PREFIX + encoder.beginByte();
                System.arraycopy(
                        chunks.page(chunk), chunks.offset(chunk), chunks.page(larger), chunks.offset(larger), kept);
                chunks.free(chunk);
            }
            chunk = larger;
        }
        byte[] page = chunks.page(chunk);
        int at = chunks.offset(chunk);
        LONG.set(page, at, firstMs);
        System.arraycopy(
                encoder.bytes(),
                0,
                page,
                at + SeriesLayout.HISTOGRAM_PREFIX + encoder.beginByte(),
                encoder.byteCount());
        if (encoder.withStarts()) {
            page[at + SeriesLayout.HISTOGRAM_PREFIX + Xor2Encoder.FLAGS_AT] = (byte) encoder.startFlags();
        }
        fields[base + SeriesLayout.OPEN] = (long) chunk << 32 | encoder.samples();
        fields[base + SeriesLayout.STATE] = (fields[base + SeriesLayout.STATE] & 0xffL << SeriesLayout.ENCODING_SHIFT)
                | (long) encoder.positionBits() << 16;
        putState(fields, base);
    }

    private void putState(long[] fields, int base) {
        int state = state(fields, base);
        int size = STATE_PREFIX + encoder.stateBytes();
        if (state == 0 || states.capacity(state) < size) {
            int larger = states.allocate(size);
            if (state != 0) {
                LONG.set(states.page(larger), states.offset(larger), buckets(state));
                states.free(state);
            }
            state = larger;
            fields[base + SeriesLayout.DISTANCE] = (long) state << 32;
        }
        encoder.save(states.page(state), states.offset(state) + STATE_PREFIX);
    }

    private long buckets(int state) {
        return (long) LONG.get(states.page(state), states.offset(state));
    }

    /** Counts the buckets of a new last sample in the place of the former one. A staleness marker has none. */
    private void setBuckets(long[] fields, int base, NativeHistogram last) {
        int state = state(fields, base);
        long buckets = last.layout().positiveBuckets() + (long) last.layout().negativeBuckets();
        bucketCount += buckets - buckets(state);
        LONG.set(states.page(state), states.offset(state), buckets);
    }

    /** Series whose last sample is a histogram. */
    long seriesCount() {
        return seriesCount;
    }

    /** The buckets of these samples together. */
    long bucketCount() {
        return bucketCount;
    }

    void freeState(long[] fields, int base) {
        seriesCount--;
        bucketCount -= buckets(state(fields, base));
        states.free(state(fields, base));
        fields[base + SeriesLayout.DISTANCE] = 0;
    }

    void clear() {
        seriesCount = 0;
        bucketCount = 0;
        states.clear();
    }

    private static int sizeBytes(long[] fields, int base) {
        return ((int) (fields[base + SeriesLayout.STATE] >>> 16) + 7) >>> 3;
    }

    private static int chunk(long[] fields, int base) {
        return (int) (fields[base + SeriesLayout.OPEN] >>> 32);
    }

    private static int state(long[] fields, int base) {
        return (int) (fields[base + SeriesLayout.DISTANCE] >>> 32);
    }
}
