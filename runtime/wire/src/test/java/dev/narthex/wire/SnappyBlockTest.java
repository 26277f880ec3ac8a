// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnappyBlockTest {
    /** Blocks built by hand from the format's description: literals, and copies with each kind of distance. */
    @ParameterizedTest
    @CsvSource({
        "00, ''",
        "0100 61, a",
        "0508 616263 01 03, abc?",
        "0b 08 616263 11 03, abcabcabcab",
        "07 08 616263 0e 0300, abcabca",
        "07 08 616263 0f 03000000, abcabca",
        "0a 00 61 15 01, aaaaaaaaaa",
        "03 f0 02 616263, abc",
        "03 f4 0200 616263, abc"
    })
    void uncompressesWhatTheFormatSays(String hex, String expected) {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
        int size = SnappyBlock.uncompressedLength(block, 0, block.length);
        byte[] into = new byte[size];
        boolean good = SnappyBlock.uncompress(block, 0, block.length, into, 0, size);
        if (expected.endsWith("?")) {
            assertThat(good).isFalse();
        } else {
            assertThat(good).isTrue();
            assertThat(new String(into, StandardCharsets.US_ASCII)).isEqualTo(expected);
        }
    }

    @Test
    void damagedBlocksAreRefusedWithoutHarm() {
        byte[] block = HexFormat.of().parseHex("0b0861626311030f03000000");
        Random random = new Random(1);
        for (int run = 0; run < 20_000; run++) {
            byte[] hurt = Arrays.copyOf(block, 1 + random.nextInt(block.length));
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hurt[random.nextInt(hurt.length)] ^= (byte) (1 << random.nextInt(8));
            }
            int size = SnappyBlock.uncompressedLength(hurt, 0, hurt.length);
            if (size >= 0) {
                byte[] into = new byte[size + 4];
                SnappyBlock.uncompress(hurt, 0, hurt.length, into, 2, size);
                assertThat(into[0] | into[1] | into[size + 2] | into[size + 3]).isZero();
            }
        }
    }

    @Test
    void aLengthBeyondAllRatiosIsRefused() {
        byte[] block = HexFormat.of().parseHex("ffffffff07");
        assertThat(SnappyBlock.uncompressedLength(block, 0, block.length)).isEqualTo(-1);
    }
}
