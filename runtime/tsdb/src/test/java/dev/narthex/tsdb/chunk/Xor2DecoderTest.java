// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Xor2DecoderTest {
    private static final HexFormat HEX = HexFormat.of();

    private final Xor2Decoder decoder = new Xor2Decoder();

    private static List<String> recorded() throws IOException {
        try (InputStream in = Xor2DecoderTest.class.getResourceAsStream("/xor2-chunks.txt")) {
            byte[] all = Objects.requireNonNull(in).readAllBytes();
            return new String(all, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static SampleBuffer samples(byte[] xor) {
        SampleBuffer samples = new SampleBuffer();
        new ChunkDecoder().decode(ChunkEncoding.XOR, xor, 0, xor.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        return samples;
    }

    @Test
    void readsWhatPrometheusWrote() throws IOException {
        List<String> chunks = recorded();
        assertThat(chunks).hasSizeGreaterThan(40);
        for (String line : chunks) {
            List<String> parts = Arrays.asList(line.split(" "));
            byte[] chunk = HEX.parseHex(parts.getFirst());
            SampleBuffer found = samples(decoder.toXor(chunk, 0, chunk.length));
            List<String> shown = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                shown.add(
                        found.timestampsMs()[i] + ":" + HEX.toHexDigits(Double.doubleToRawLongBits(found.values()[i])));
            }
            assertThat(shown).as(parts.getFirst()).isEqualTo(parts.subList(1, parts.size()));
        }
    }

    @Test
    void damageIsNamedOrGivesSamplesAndNothingElse() throws IOException {
        Random random = new Random(1);
        for (String line : recorded()) {
            byte[] chunk = HEX.parseHex(line.substring(0, line.indexOf(' ')));
            for (int i = 0; i < 50; i++) {
                byte[] damaged = Arrays.copyOf(chunk, random.nextInt(chunk.length + 1));
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                try {
                    byte[] xor = decoder.toXor(damaged, 0, damaged.length);
                    assertThat(samples(xor).size()).isEqualTo(XorDecoder.count(damaged, 0));
                } catch (CorruptChunkException e) {
                    assertThat(e).hasMessageMatching(".*(short|says|ends|longer|window).*");
                }
            }
        }
    }

    @Test
    void aChunkThatIsCutOffIsDamaged() throws IOException {
        String line = recorded().get(6);
        byte[] chunk = HEX.parseHex(line.substring(0, line.indexOf(' ')));
        assertThatThrownBy(() -> decoder.toXor(chunk, 0, chunk.length - 3))
                .isInstanceOf(CorruptChunkException.class)
                .hasMessage("chunk ends in the middle of a sample");
    }
}
