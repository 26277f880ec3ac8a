// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CounterResetHeader;
import dev.narthex.tsdb.chunk.HistogramEncoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A chunk of 50 integer histograms with 40 buckets that grow: time for each histogram. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HistogramChunkBenchmark {
    static final int SAMPLES = 50;
    private static final int BUCKETS = 40;
    private static final long START_MS = 1_767_225_600_000L;

    private final IntegerHistogram[] histograms = new IntegerHistogram[SAMPLES];
    private final HistogramEncoder encoder = new HistogramEncoder();
    private final byte[] chunk = new byte[64 * 1024];
    private final byte[] state = new byte[16 * 1024];
    private final ChunkDecoder decoder = new ChunkDecoder();
    final SampleBuffer decoded = new SampleBuffer();
    private final int sizeBytes;

    public HistogramChunkBenchmark() {
        Random random = new Random(1);
        HistogramLayout layout =
                HistogramLayout.exponential(3, 0x1p-128, List.of(new BucketSpan(-20, BUCKETS)), List.of());
        long[] counts = new long[BUCKETS];
        long count = 0;
        for (int i = 0; i < SAMPLES; i++) {
            for (int b = 0; b < BUCKETS; b++) {
                int more = random.nextInt(1 + 2 * Math.min(b, BUCKETS - b));
                counts[b] += more;
                count += more;
            }
            histograms[i] =
                    new IntegerHistogram(CounterResetHint.UNKNOWN, layout, count, 0, count * 0.3, counts, new long[0]);
        }
        sizeBytes = encode();
        XorEncoder.writeCount(chunk, 0, SAMPLES);
    }

    /** Encodes all histograms as the head does; the bytes of the chunk. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public int append() {
        return encode();
    }

    private int encode() {
        encoder.begin(CounterResetHeader.UNKNOWN, START_MS, histograms[0]);
        put();
        for (int i = 1; i < SAMPLES; i++) {
            HistogramEncoder.Fit fit = encoder.fit(chunk, 0, state, 0, histograms[i]);
            if (fit != HistogramEncoder.Fit.APPEND) {
                throw new IllegalStateException("benchmark: histogram " + i + " does not fit");
            }
            encoder.append(chunk, 0, START_MS + 15_000L * i, histograms[i], 0);
            put();
        }
        return encoder.sizeBytes();
    }

    private void put() {
        System.arraycopy(encoder.bytes(), 0, chunk, encoder.beginByte(), encoder.byteCount());
        encoder.save(state, 0);
    }

    /** Decodes all histograms into a buffer, objects included; how many there are. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public int decode() {
        XorEncoder.writeCount(chunk, 0, SAMPLES);
        decoded.clear();
        decoder.decode(ChunkEncoding.HISTOGRAM, chunk, 0, sizeBytes, Long.MIN_VALUE, Long.MAX_VALUE, decoded);
        return decoded.size();
    }

    /** The histogram that a decoded one must be equal to, but for its hint. */
    IntegerHistogram expected(int index) {
        return histograms[index];
    }
}
