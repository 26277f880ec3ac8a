// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
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

    /** Literals and copies of all lengths and distances beside a byte by byte reading of the format. */
    @Test
    void longBlocksComeOutAsTheFormatSaysAndNothingIsWrittenBesideThem() {
        Random random = new Random(2);
        for (int run = 0; run < 2_000; run++) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            for (int part = random.nextInt(1, 40); part > 0; part--) {
                if (plain.size() == 0 || random.nextInt(3) == 0) {
                    byte[] literal = new byte[random.nextInt(1, 60)];
                    random.nextBytes(literal);
                    parts.write((literal.length - 1) << 2);
                    parts.writeBytes(literal);
                    plain.writeBytes(literal);
                } else {
                    int count = random.nextInt(1, 65);
                    int distance = random.nextInt(1, Math.min(plain.size(), random.nextBoolean() ? 20 : 65_535) + 1);
                    parts.write((count - 1) << 2 | 2);
                    parts.write(distance);
                    parts.write(distance >>> 8);
                    for (int i = 0; i < count; i++) {
                        plain.write(plain.toByteArray()[plain.size() - distance]);
                    }
                }
            }
            int size = plain.size();
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.write(size | 0x80);
            block.write(size >>> 7);
            block.writeBytes(parts.toByteArray());
            byte[] into = new byte[size + 4];
            assertThat(SnappyBlock.uncompress(block.toByteArray(), 0, block.size(), into, 2, size))
                    .isTrue();
            assertThat(Arrays.copyOfRange(into, 2, size + 2)).isEqualTo(plain.toByteArray());
            assertThat(into[0] | into[1] | into[size + 2] | into[size + 3]).isZero();

            byte[] hurt = Arrays.copyOf(block.toByteArray(), 2 + random.nextInt(block.size() - 1));
            hurt[random.nextInt(2, Math.max(3, hurt.length)) % hurt.length] ^= (byte) (1 << random.nextInt(8));
            Arrays.fill(into, (byte) 0);
            SnappyBlock.uncompress(hurt, 0, hurt.length, into, 2, size);
            assertThat(into[0] | into[1] | into[size + 2] | into[size + 3]).isZero();
        }
    }

    @Test
    void aLengthBeyondAllRatiosIsRefused() {
        byte[] block = HexFormat.of().parseHex("ffffffff07");
        assertThat(SnappyBlock.uncompressedLength(block, 0, block.length)).isEqualTo(-1);
    }
}
