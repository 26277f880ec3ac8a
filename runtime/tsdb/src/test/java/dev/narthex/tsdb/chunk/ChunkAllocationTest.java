// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.leak.ThreadAllocation;
import java.util.List;
import java.util.Random;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** Appending to chunks and decoding them costs no memory, however many samples there are. */
class ChunkAllocationTest {
    private static final int ROUNDS = 100;
    private static final int SAMPLES = 100;
    /** The measurement's own among them; a byte a sample would be more. */
    private static final long MOST_BYTES = 4096;

    private final Random random = new Random(1);
    private final byte[] chunk = new byte[64 * 1024];
    private final byte[] state = new byte[16 * 1024];
    private final SampleBuffer decoded = new SampleBuffer();
    private final ChunkDecoder decoder = new ChunkDecoder();

    private static final class Floats {
        final long[] timesMs = new long[SAMPLES];
        final double[] values = new double[SAMPLES];

        Floats(Random random) {
            long timeMs = 1_767_225_600_000L;
            for (int i = 0; i < SAMPLES; i++) {
                timeMs += 15_000 + random.nextInt(3);
                timesMs[i] = timeMs;
                values[i] = random.nextInt(4) == 0 ? random.nextDouble() : random.nextInt(100);
            }
        }

        /** How many bytes the chunk takes. */
        int encode(byte[] into) {
            long state = XorEncoder.first(into, 0, timesMs[0], values[0]);
            long distance = timesMs[1] - timesMs[0];
            state = XorEncoder.second(into, 0, state, distance, difference(1));
            for (int i = 2; i < SAMPLES; i++) {
                long next = timesMs[i] - timesMs[i - 1];
                state = XorEncoder.next(into, 0, state, next - distance, difference(i));
                distance = next;
            }
            XorEncoder.writeCount(into, 0, SAMPLES);
            return XorEncoder.sizeBytes(state);
        }

        private long difference(int i) {
            return Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
        }
    }

    @Test
    void floats() throws JMException {
        Floats floats = new Floats(random);
        assertThat(allocated(() -> floats.encode(chunk))).as("appending").isLessThan(MOST_BYTES);

        int bytes = floats.encode(chunk);
        assertThat(allocated(() -> decode(ChunkEncoding.XOR, bytes)))
                .as("decoding")
                .isLessThan(MOST_BYTES);
        assertThat(decoded.size()).isEqualTo(SAMPLES);
    }

    private void decode(ChunkEncoding encoding, int bytes) {
        decoded.clear();
        decoder.decode(encoding, chunk, 0, bytes, Long.MIN_VALUE, Long.MAX_VALUE, decoded);
    }

    @Test
    void histograms() throws JMException {
        IntegerHistogram[] histograms = growing(20);
        HistogramEncoder encoder = new HistogramEncoder();
        assertThat(allocated(() -> encode(encoder, histograms))).as("appending").isLessThan(MOST_BYTES);

        HistogramReader reader = new HistogramReader();
        assertThat(allocated(() -> read(reader, encoder.sizeBytes())))
                .as("decoding, without the objects that callers ask for")
                .isLessThan(MOST_BYTES + ROUNDS * 512L); // the layout is an object of each chunk
        assertThat(reader.count()).isEqualTo(histograms[SAMPLES - 1].count());
    }

    private IntegerHistogram[] growing(int buckets) {
        HistogramLayout layout =
                HistogramLayout.exponential(3, 0x1p-128, List.of(new BucketSpan(-10, buckets)), List.of());
        IntegerHistogram[] histograms = new IntegerHistogram[SAMPLES];
        long[] counts = new long[buckets];
        long count = 0;
        for (int i = 0; i < SAMPLES; i++) {
            for (int b = 0; b < buckets; b++) {
                int more = random.nextInt(10);
                counts[b] += more;
                count += more;
            }
            histograms[i] = new IntegerHistogram(
                    CounterResetHint.UNKNOWN, layout, count, 0, count * 0.5, counts.clone(), new long[0]);
        }
        return histograms;
    }

    private void encode(HistogramEncoder encoder, IntegerHistogram[] histograms) {
        encoder.begin(CounterResetHeader.UNKNOWN, 1, histograms[0]);
        put(encoder);
        for (int i = 1; i < SAMPLES; i++) {
            if (encoder.fit(chunk, 0, state, 0, histograms[i]) != HistogramEncoder.Fit.APPEND) {
                throw new IllegalStateException("histogram " + i + " does not fit"); // an assertion would allocate
            }
            encoder.append(chunk, 0, 1 + 15_000L * i, histograms[i], 0);
            put(encoder);
        }
        XorEncoder.writeCount(chunk, 0, SAMPLES);
    }

    private void put(HistogramEncoder encoder) {
        System.arraycopy(encoder.bytes(), 0, chunk, encoder.beginByte(), encoder.byteCount());
        encoder.save(state, 0);
    }

    private void read(HistogramReader reader, int bytes) {
        reader.open(false, chunk, 0, bytes);
        while (reader.next()) {
            assert reader.timestampMs() > 0;
        }
    }

    /** The bytes that some rounds of this allocate, once buffers have grown. */
    private static long allocated(Runnable round) throws JMException {
        round.run();
        round.run();
        assertThat(ThreadAllocation.bytes()).as("the first call loads classes").isPositive();
        long before = ThreadAllocation.bytes();
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        return ThreadAllocation.bytes() - before;
    }
}
