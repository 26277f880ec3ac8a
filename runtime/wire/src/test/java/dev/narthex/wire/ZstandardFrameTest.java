// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZstandardFrameTest {
    record Frame(String name, int length, String digest, String base64) {
        byte[] bytes() {
            return Base64.getDecoder().decode(base64);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Frame> frames() throws IOException {
        try (InputStream in = ZstandardFrameTest.class.getResourceAsStream("/zstandard/frames.txt")) {
            assertThat(in).isNotNull();
            List<String> lines = in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            return lines.stream().filter(line -> !line.startsWith("#")).map(line -> {
                List<String> parts = List.of(line.split(" ", -1));
                return new Frame(parts.get(0), Integer.parseInt(parts.get(1)), parts.get(2), parts.get(3));
            });
        }
    }

    private static String digest(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void framesOfTheReferenceProgramAreRead(Frame frame) {
        ZstandardFrame reader = new ZstandardFrame(1 << 20);
        byte[] bytes = frame.bytes();
        assertThat(ZstandardFrame.isFrame(bytes, 0, bytes.length)).isTrue();
        assertThat(reader.uncompress(bytes, 0, bytes.length)).isEqualTo(frame.length);
        assertThat(digest(reader.output(), frame.length)).isEqualTo(frame.digest);
        // Again, and from the middle of an array.
        byte[] shifted = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, shifted, 5, bytes.length);
        assertThat(reader.uncompress(shifted, 5, bytes.length)).isEqualTo(frame.length);
        assertThat(digest(reader.output(), frame.length)).isEqualTo(frame.digest);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aCutFrameIsRefusedAtEveryByte(Frame frame) {
        ZstandardFrame reader = new ZstandardFrame(1 << 20);
        byte[] bytes = frame.bytes();
        boolean checksum = (bytes[4] & 4) != 0;
        int step = Math.max(1, bytes.length / 300);
        for (int length = 1; length < bytes.length - (checksum ? 4 : 0); length += step) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(reader.uncompress(cut, 0, length))
                    .as("cut at %d", length)
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFlippedBitDoesNoHarm(Frame frame) {
        ZstandardFrame reader = new ZstandardFrame(1 << 18);
        byte[] bytes = frame.bytes();
        int step = Math.max(1, bytes.length / 300);
        for (int at = 0; at < bytes.length; at += step) {
            byte[] hurt = bytes.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            assertThat(reader.uncompress(hurt, 0, hurt.length)).isBetween(-1, 1 << 18);
        }
    }

    @Test
    void aFrameThatGrowsBeyondTheLimitIsRefused() throws IOException {
        Frame run = frames().filter(f -> f.name.equals("run-3")).findFirst().orElseThrow();
        assertThat(new ZstandardFrame(69_999).uncompress(run.bytes(), 0, run.bytes().length))
                .isEqualTo(-1);
        assertThat(new ZstandardFrame(70_000).uncompress(run.bytes(), 0, run.bytes().length))
                .isEqualTo(70_000);
    }
}
