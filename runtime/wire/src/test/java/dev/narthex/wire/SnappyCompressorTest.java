// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnappyCompressorTest {
    private final SnappyCompressor compressor = new SnappyCompressor();

    private int assertRoundTrip(byte[] bytes) {
        byte[] block = new byte[SnappyCompressor.maxLength(bytes.length) + 3];
        int end = compressor.compress(bytes, 0, bytes.length, block, 3);
        assertThat(SnappyBlock.uncompressedLength(block, 3, end - 3)).isEqualTo(bytes.length);
        byte[] back = new byte[bytes.length];
        assertThat(SnappyBlock.uncompress(block, 3, end - 3, back, 0, bytes.length))
                .isTrue();
        assertThat(back).isEqualTo(bytes);
        return end - 3;
    }

    @Test
    void whatIsCompressedComesBack() {
        Random random = new Random(11);
        for (int length : new int[] {1, 2, 3, 4, 5, 59, 60, 61, 255, 256, 257, 65535, 65536, 65537, 200_000}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            assertRoundTrip(noise);
            assertRoundTrip(new byte[length]);
            for (int alphabet : new int[] {2, 5, 30}) {
                byte[] text = new byte[length];
                for (int i = 0; i < length; i++) {
                    boolean again = i > 40 && random.nextInt(4) != 0;
                    text[i] = again ? text[i - 1 - random.nextInt(40)] : (byte) random.nextInt(alphabet);
                }
                assertRoundTrip(text);
            }
        }
    }

    @Test
    void repetitionTakesLittleAndNoiseHardlyMoreThanItself() {
        byte[] text = "prometheus_http_requests_total{code=\"200\",handler=\"/metrics\"} "
                .repeat(1000)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(assertRoundTrip(text)).isLessThan(text.length / 15);
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        assertThat(assertRoundTrip(noise)).isLessThan(100_100);
    }

    @Test
    void aPieceInTheMiddleOfAnArrayIsCompressedAlone() {
        byte[] bytes = new byte[300];
        Arrays.fill(bytes, 100, 200, (byte) 7);
        byte[] block = new byte[SnappyCompressor.maxLength(100)];
        int end = compressor.compress(bytes, 100, 100, block, 0);
        byte[] back = new byte[100];
        assertThat(SnappyBlock.uncompress(block, 0, end, back, 0, 100)).isTrue();
        assertThat(back).isEqualTo(Arrays.copyOfRange(bytes, 100, 200));
    }
}
