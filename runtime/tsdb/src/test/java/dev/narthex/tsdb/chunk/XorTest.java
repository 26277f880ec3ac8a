// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.StalenessMarker;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XorTest {
    private record Sample(long t, double v) {}

    /** Encodes as the head does, into bytes that are dirty before, and checks that those beyond stay as they are. */
    private static byte[] encode(List<Sample> samples) {
        int offset = 3;
        byte[] bytes = new byte[offset + 16 + samples.size() * 20];
        Arrays.fill(bytes, (byte) 0xa5);
        long state = XorEncoder.START;
        long lastT = 0;
        long lastDistance = 0;
        long lastBits = 0;
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            long bits = Double.doubleToRawLongBits(sample.v);
            long distance = sample.t - lastT;
            byte[] former = bytes.clone();
            state = switch (i) {
                case 0 -> XorEncoder.first(bytes, offset, sample.t, sample.v);
                case 1 -> XorEncoder.second(bytes, offset, state, distance, bits ^ lastBits);
                default -> XorEncoder.next(bytes, offset, state, distance - lastDistance, bits ^ lastBits);
            };
            int size = XorEncoder.sizeBytes(state);
            int beyond = offset + size;
            assertThat(Arrays.equals(bytes, beyond, bytes.length, former, beyond, bytes.length))
                    .isTrue();
            lastDistance = distance;
            lastT = sample.t;
            lastBits = bits;
        }
        XorEncoder.writeCount(bytes, offset, samples.size());
        assertThat(bytes[0] == (byte) 0xa5 && bytes[1] == (byte) 0xa5 && bytes[2] == (byte) 0xa5)
                .isTrue();
        return Arrays.copyOfRange(bytes, offset, offset + XorEncoder.sizeBytes(state));
    }

    private static List<Sample> decode(byte[] chunk, long mint, long maxt) {
        byte[] readable = Arrays.copyOf(chunk, chunk.length + XorLayout.SLACK_BYTES);
        int count = XorDecoder.count(chunk, 0);
        long[] times = new long[count + 1];
        double[] values = new double[count + 1];
        int end = XorDecoder.decode(readable, 0, count, mint, maxt, times, values, 0);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            samples.add(new Sample(times[i], values[i]));
        }
        return samples;
    }

    private static void assertSame(List<Sample> found, List<Sample> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).t).isEqualTo(expected.get(i).t);
            assertThat(Double.doubleToRawLongBits(found.get(i).v))
                    .isEqualTo(Double.doubleToRawLongBits(expected.get(i).v));
        }
    }

    private static byte[] naive(List<Sample> samples) {
        NaiveXor naive = new NaiveXor();
        samples.forEach(sample -> naive.add(sample.t, sample.v));
        return naive.bytes();
    }

    private static void assertRoundTrip(List<Sample> samples) {
        byte[] chunk = encode(samples);
        assertThat(chunk).isEqualTo(naive(samples));
        assertSame(decode(chunk, Long.MIN_VALUE, Long.MAX_VALUE), samples);
        assertThat(XorDecoder.firstTimestampMs(chunk, 0)).isEqualTo(samples.getFirst().t);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0, 1, -1, 8191, 8192, 8193, -8191, -8192, 65535, 65536, 65537, -65535, -65536, 524287, 524288, 524289,
                -524287, -524288, 1L << 40
            })
    void changesOfDistanceAtTheLimitsOfTheirWidths(long change) {
        long distance = 1L << 41;
        long t = 1_700_000_000_000L;
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(t, 1));
        samples.add(new Sample(t + distance, 1));
        samples.add(new Sample(t + 2 * distance + change, 1));
        samples.add(new Sample(t + 3 * distance + change, 2));
        assertRoundTrip(samples);
    }

    @Test
    void keepsEveryBitOfOddValues() {
        double[] odd = {
            0.0,
            -0.0,
            1,
            Double.NaN,
            StalenessMarker.VALUE,
            StalenessMarker.NORMAL_NAN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.longBitsToDouble(-1),
            Double.longBitsToDouble(1),
            0.0,
            Double.longBitsToDouble(Long.MIN_VALUE | 1)
        };
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < odd.length * odd.length; i++) {
            samples.add(new Sample(i * 15_000L, odd[i % odd.length]));
            samples.add(new Sample(i * 15_000L + 1, odd[i / odd.length]));
        }
        assertRoundTrip(samples);
    }

    @Test
    void timestampsMayBeNegativeAndFarApart() {
        assertRoundTrip(List.of(
                new Sample(Long.MIN_VALUE + 1, 1),
                new Sample(-5, 2),
                new Sample(0, 3),
                new Sample(Long.MAX_VALUE - 1, 4),
                new Sample(Long.MAX_VALUE, 5)));
    }

    @Test
    void everyRandomChunkEqualsTheNaiveOne() {
        Seed seed = Seed.of(XorTest.class);
        for (int run = 0; run < 300; run++) {
            Random random = seed.forCase(run).random();
            List<Sample> samples = new ArrayList<>();
            long t = random.nextLong() >> random.nextInt(20, 64);
            double v = 0;
            int kind = random.nextInt(4);
            for (int i = random.nextInt(1, 150); i > 0; i--) {
                t += random.nextInt(3) > 0 ? 15_000 : 1 + (random.nextLong() >>> random.nextInt(30, 63));
                v = switch (kind) {
                    case 0 -> v + random.nextInt(100);
                    case 1 -> random.nextGaussian();
                    case 2 -> Double.longBitsToDouble(random.nextLong());
                    default -> random.nextBoolean() ? v : random.nextInt(10) / 10.0;
                };
                samples.add(new Sample(t, v));
            }
            assertRoundTrip(samples);
        }
    }

    @Test
    void decodesTheRangeAndNoMore() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            samples.add(new Sample(1000L * i, i * 1.1));
        }
        byte[] chunk = encode(samples);
        assertSame(decode(chunk, 10_000, 20_000), samples.subList(10, 21));
        assertSame(decode(chunk, 10_001, 19_999), samples.subList(11, 20));
        assertSame(decode(chunk, 0, 0), samples.subList(0, 1));
        assertSame(decode(chunk, 119_000, Long.MAX_VALUE), samples.subList(119, 120));
        assertThat(decode(chunk, -5, -1)).isEmpty();
        assertThat(decode(chunk, 119_001, Long.MAX_VALUE)).isEmpty();
    }
}
