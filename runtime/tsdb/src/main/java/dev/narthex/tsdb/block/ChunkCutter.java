// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.CounterResetHeader;
import dev.narthex.tsdb.chunk.HistogramEncoder;
import dev.narthex.tsdb.chunk.Xor2Encoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes samples of one series as chunks, which are cut where the head cuts them. Samples with start timestamps go to
 * chunks that keep them, unless the cutter is told to leave them out. For one thread.
 */
public final class ChunkCutter {
    private static final int MAX_SAMPLES = 120;
    private static final int MAX_BYTES = 1024;
    private static final int SLACK_BYTES = 8;

    /** A chunk with its data, the two bytes of the count first. */
    @SuppressWarnings("ArrayRecordComponent") // it is passed on, never compared
    public record Chunk(ChunkEncoding encoding, long minTimeMs, long maxTimeMs, byte[] bytes) {}

    private final HistogramEncoder histograms = new HistogramEncoder();
    private final Xor2Encoder starting = new Xor2Encoder();
    private final boolean withStarts;
    private byte[] chunk = new byte[MAX_BYTES + 2 * Xor2Encoder.MAX_SAMPLE_BYTES + XorLayout.SLACK_BYTES];
    private byte[] histogramState = {};
    private int size;

    public ChunkCutter() {
        this(true);
    }

    /**
     * A cutter that may leave start timestamps out.
     *
     * @param withStarts whether they are kept, which not everybody can read
     */
    public ChunkCutter(boolean withStarts) {
        this.withStarts = withStarts;
    }

    private long startMs(SampleBuffer samples, int at) {
        return withStarts ? samples.startTimestampMs(at) : 0;
    }

    /** The chunks of the samples of a buffer, which ascend. */
    public List<Chunk> cut(SampleBuffer samples) {
        List<Chunk> chunks = new ArrayList<>();
        int at = 0;
        while (at < samples.size()) {
            if (samples.histogram(at) != null) {
                at = histograms(samples, at, chunks);
            } else {
                at = startMs(samples, at) == 0 ? floats(samples, at, chunks) : startedFloats(samples, at, chunks);
            }
        }
        return chunks;
    }

    private int floats(SampleBuffer samples, int from, List<Chunk> into) {
        long first = samples.timestampMs(from);
        long t = first;
        long bits = Double.doubleToRawLongBits(samples.value(from));
        long distance = 0;
        long state = XorEncoder.first(chunk, 0, t, samples.value(from));
        int at = from + 1;
        int count = 1;
        while (at < samples.size()
                && count < MAX_SAMPLES
                && XorEncoder.sizeBytes(state) < MAX_BYTES
                && startMs(samples, at) == 0
                && samples.histogram(at) == null) {
            long nextT = samples.timestampMs(at);
            long nextBits = Double.doubleToRawLongBits(samples.value(at));
            long nextDistance = nextT - t;
            state = count == 1
                    ? XorEncoder.second(chunk, 0, state, nextDistance, nextBits ^ bits)
                    : XorEncoder.next(chunk, 0, state, nextDistance - distance, nextBits ^ bits);
            t = nextT;
            bits = nextBits;
            distance = nextDistance;
            count++;
            at++;
        }
        XorEncoder.writeCount(chunk, 0, count);
        into.add(new Chunk(ChunkEncoding.XOR, first, t, Arrays.copyOf(chunk, XorEncoder.sizeBytes(state))));
        return at;
    }

    private int startedFloats(SampleBuffer samples, int from, List<Chunk> into) {
        long first = samples.timestampMs(from);
        starting.begin(first, Double.doubleToRawLongBits(samples.value(from)), startMs(samples, from));
        takeStarted();
        int at = from + 1;
        while (at < samples.size()
                && starting.samples() < MAX_SAMPLES
                && size < MAX_BYTES
                && samples.histogram(at) == null) {
            starting.append(
                    chunk[starting.positionBits() >>> 3],
                    samples.timestampMs(at),
                    Double.doubleToRawLongBits(samples.value(at)),
                    startMs(samples, at));
            takeStarted();
            at++;
        }
        XorEncoder.writeCount(chunk, 0, starting.samples());
        into.add(new Chunk(ChunkEncoding.XOR2, first, samples.timestampMs(at - 1), Arrays.copyOf(chunk, size)));
        return at;
    }

    private void takeStarted() {
        size = starting.sizeBytes();
        System.arraycopy(starting.bytes(), 0, chunk, starting.beginByte(), starting.byteCount());
        chunk[Xor2Encoder.FLAGS_AT] = (byte) starting.flags();
    }

    private int histograms(SampleBuffer samples, int from, List<Chunk> into) {
        CounterResetHeader header = null;
        int at = from;
        while (at < samples.size()) {
            NativeHistogram histogram = samples.histogram(at);
            if (histogram == null) {
                break;
            }
            long first = samples.timestampMs(at);
            long last = first;
            CounterResetHeader chunkHeader =
                    header == null ? CounterResetHeader.first(histogram.counterResetHint()) : header;
            boolean started = startMs(samples, at) != 0;
            if (started) {
                histograms.beginWithStart(chunkHeader, first, histogram, startMs(samples, at));
            } else {
                histograms.begin(chunkHeader, first, histogram);
            }
            take();
            header = null;
            int count = 1;
            at++;
            while (at < samples.size() && count < MAX_SAMPLES && histograms.sizeBytes() < MAX_BYTES) {
                NativeHistogram next = samples.histogram(at);
                if (next == null) {
                    break;
                }
                HistogramEncoder.Fit fit = histograms.fit(chunk, 0, histogramState, 0, next);
                long startMs = startMs(samples, at);
                if (fit == HistogramEncoder.Fit.NEW_CHUNK || (startMs != 0 && !started)) {
                    header = histograms.header();
                    break;
                }
                last = samples.timestampMs(at);
                if (fit == HistogramEncoder.Fit.RECODE) {
                    histograms.recode(chunk, 0, last, next, startMs);
                } else {
                    histograms.append(chunk, 0, last, next, startMs);
                }
                take();
                count++;
                at++;
            }
            if (started) {
                XorEncoder.writeShortCount(chunk, 0, count);
            } else {
                XorEncoder.writeCount(chunk, 0, count);
            }
            into.add(new Chunk(histograms.encoding(), first, last, Arrays.copyOf(chunk, size)));
        }
        return at;
    }

    private void take() {
        size = histograms.sizeBytes();
        if (chunk.length < size + SLACK_BYTES) {
            chunk = Arrays.copyOf(chunk, 2 * size + SLACK_BYTES);
        }
        System.arraycopy(histograms.bytes(), 0, chunk, histograms.beginByte(), histograms.byteCount());
        if (histograms.withStarts()) {
            chunk[Xor2Encoder.FLAGS_AT] = (byte) histograms.startFlags();
        }
        if (histogramState.length < histograms.stateBytes()) {
            histogramState = new byte[histograms.stateBytes()];
        }
        histograms.save(histogramState, 0);
    }
}
