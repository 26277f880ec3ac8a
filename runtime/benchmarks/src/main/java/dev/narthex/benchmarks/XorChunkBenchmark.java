// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.tsdb.chunk.XorDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
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

/** A chunk of 120 samples, a gauge that jitters: time for each sample. The aims are 15 ns to append, 3.5 to decode. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class XorChunkBenchmark {
    static final int SAMPLES = 120;

    final long[] timestampsMs = new long[SAMPLES];
    final double[] values = new double[SAMPLES];
    private final byte[] fresh = new byte[SAMPLES * XorLayout.MAX_SAMPLE_BYTES + XorLayout.SLACK_BYTES];
    private final byte[] chunk = new byte[fresh.length];
    final long[] decodedTimestampsMs = new long[SAMPLES];
    final double[] decodedValues = new double[SAMPLES];

    public XorChunkBenchmark() {
        Random random = new Random(1);
        long timestampMs = 1_767_225_600_000L;
        for (int i = 0; i < SAMPLES; i++) {
            timestampMs += 15_000 + (random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0);
            timestampsMs[i] = timestampMs;
            values[i] = 1000 + random.nextInt(100);
        }
        long ignored = encode(chunk);
        assert ignored > 0;
    }

    /** Encodes all samples; the position behind the last in bits. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public long append() {
        return encode(fresh);
    }

    private long encode(byte[] into) {
        long state = XorEncoder.first(into, 0, timestampsMs[0], values[0]);
        long distanceMs = timestampsMs[1] - timestampsMs[0];
        state = XorEncoder.second(into, 0, state, distanceMs, difference(1));
        for (int i = 2; i < SAMPLES; i++) {
            long nextDistanceMs = timestampsMs[i] - timestampsMs[i - 1];
            state = XorEncoder.next(into, 0, state, nextDistanceMs - distanceMs, difference(i));
            distanceMs = nextDistanceMs;
        }
        return XorEncoder.positionBits(state);
    }

    private long difference(int i) {
        return Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
    }

    /** Decodes all samples into columns; how many there are. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public int decode() {
        return XorDecoder.decode(
                chunk, 0, SAMPLES, Long.MIN_VALUE, Long.MAX_VALUE, decodedTimestampsMs, decodedValues, 0);
    }
}
