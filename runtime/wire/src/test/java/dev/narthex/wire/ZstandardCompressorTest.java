// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class ZstandardCompressorTest {
    private final ZstandardCompressor compressor = new ZstandardCompressor();
    private final ZstandardFrame reader = new ZstandardFrame(1 << 22);

    /** Compresses, checks that reading gives the same bytes; the length of the frame. */
    private int roundTrip(byte[] bytes, int offset, String what) {
        byte[] from = new byte[offset + bytes.length + 3];
        System.arraycopy(bytes, 0, from, offset, bytes.length);
        byte[] into = new byte[offset + ZstandardCompressor.maxLength(bytes.length)];
        int end = compressor.compress(from, offset, bytes.length, into, offset);
        assertThat(reader.uncompress(into, offset, end - offset)).as(what).isEqualTo(bytes.length);
        assertThat(Arrays.copyOf(reader.output(), bytes.length)).as(what).isEqualTo(bytes);
        return end - offset;
    }

    @Test
    void whatIsCompressedIsReadBack() {
        Long given = Long.getLong("test.seed");
        long seed = given == null ? ThreadLocalRandom.current().nextLong() : given;
        System.out.println("ZstandardCompressorTest: repeat with -Dtest.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            int length = i % 40 == 0 ? random.nextInt(300_000) : random.nextInt(1 << (1 + i % 13));
            byte[] bytes = randomBytes(random, length);
            int frame = roundTrip(bytes, random.nextInt(4), "seed " + seed + ", case " + i);
            assertThat(frame).isLessThanOrEqualTo(ZstandardCompressor.maxLength(length));
        }
    }

    /** Bytes of several natures: any, of few values, of skewed ones, and all with repetitions near and far. */
    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        int kind = random.nextInt(5);
        int values = 1 + random.nextInt(256);
        for (int at = 0; at < length; at++) {
            bytes[at] = (byte)
                    switch (kind) {
                        case 0 -> random.nextInt(256);
                        case 1 -> random.nextInt(values);
                        case 2 -> (int) (random.nextGaussian() * values / 8);
                        case 3 -> at / values;
                        default -> random.nextInt(100) == 0 ? random.nextInt(256) : values;
                    };
            if (at > 50 && random.nextInt(200) == 0) {
                int distance = 1 + random.nextInt(at);
                int end = Math.min(length, at + 1 + random.nextInt(2000));
                for (int copied = at + 1; copied < end; copied++) {
                    bytes[copied] = bytes[copied - distance];
                }
                at = end - 1;
            }
        }
        return bytes;
    }

    @Test
    void boundariesOfSizesAreReadBack() {
        Random random = new Random(1);
        for (int length : new int[] {
            0, 1, 2, 31, 32, 63, 64, 255, 256, 257, 1023, 1024, 1025, 4095, 4096, 16383, 16384, 65791, 65792, 131071,
            131072, 131073, 262144
        }) {
            byte[] skewed = new byte[length];
            for (int i = 0; i < length; i++) {
                skewed[i] = (byte) Math.min(255, (int) (-20 * Math.log(random.nextDouble())));
            }
            roundTrip(skewed, 0, "skewed " + length);
            roundTrip(new byte[length], 0, "zeros " + length);
            byte[] any = new byte[length];
            random.nextBytes(any);
            assertThat(roundTrip(any, 0, "random " + length)).isGreaterThanOrEqualTo(length);
        }
    }

    @Test
    void literalsWithoutRepetitionsBecomeSmaller() {
        Random random = new Random(2);
        byte[] bytes = new byte[10_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(16);
        }
        assertThat(roundTrip(bytes, 0, "four bits of eight")).isLessThan(5_200);
    }

    @Test
    void repetitionsBecomeSmallerThanWithSnappy() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append("http_requests_total{code=\"200\",handler=\"/api/v1/" + i % 37 + "\"} " + i * i + "\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] snappy = new byte[SnappyCompressor.maxLength(bytes.length)];
        int snappyLength = new SnappyCompressor().compress(bytes, 0, bytes.length, snappy, 0);
        assertThat(roundTrip(bytes, 0, "text")).isLessThan(snappyLength * 9 / 10);
    }
}
