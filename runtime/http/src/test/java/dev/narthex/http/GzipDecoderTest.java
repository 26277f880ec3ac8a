// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.testkit.random.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GzipDecoderTest {
    private final BufferPool pool = new BufferPool(1 << 20);
    private final BodyBuffer packed = new BodyBuffer(pool);
    private final BodyBuffer plain = new BodyBuffer(pool);
    private final GzipDecoder decoder = new GzipDecoder();

    @AfterEach
    void close() {
        decoder.close();
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private byte[] decode(byte[] bytes, int limit) throws IOException {
        packed.start(Integer.MAX_VALUE);
        packed.add(ByteBuffer.wrap(bytes));
        plain.start(limit);
        decoder.decode(packed, plain);
        return Arrays.copyOf(plain.bytes(), plain.size());
    }

    @Test
    void unpacksBodiesOfEverySize() throws IOException {
        Random random = Seed.of(GzipDecoderTest.class).random();
        for (int size : new int[] {0, 1, 100, 16_383, 16_384, 16_385, 100_000}) {
            byte[] body = new byte[size];
            for (int i = 0; i < size; i++) {
                body[i] = (byte) random.nextInt(4);
            }
            assertThat(decode(gzip(body), Integer.MAX_VALUE)).isEqualTo(body);
            assertThat(decode(gzip(body), Math.max(1, size))).isEqualTo(body);
        }
    }

    @Test
    void unpacksMembersOneAfterTheOther() throws IOException {
        byte[] one = gzip(new byte[] {1, 2});
        byte[] two = gzip(new byte[] {3});
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        assertThat(decode(both, 100)).containsExactly(1, 2, 3);
    }

    @Test
    void skipsOptionalHeaderFields() throws IOException {
        byte[] body = gzip(new byte[] {7});
        ByteArrayOutputStream withFields = new ByteArrayOutputStream();
        withFields.write(body, 0, 3);
        withFields.write(2 | 4 | 8 | 16);
        withFields.write(body, 4, 6);
        withFields.writeBytes(new byte[] {2, 0, 9, 9, 'n', 0, 'c', 0});
        CRC32 crc = new CRC32();
        crc.update(withFields.toByteArray());
        withFields.write((int) crc.getValue());
        withFields.write((int) (crc.getValue() >>> 8));
        withFields.write(body, 10, body.length - 10);
        assertThat(decode(withFields.toByteArray(), 100)).containsExactly(7);
    }

    @Test
    void refusesMoreThanTheLimit() throws IOException {
        byte[] body = gzip(new byte[100_000]);
        assertThatThrownBy(() -> decode(body, 99_999))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage("body size limit exceeded: more than 99999 bytes");
        assertThat(decode(body, 100_000)).hasSize(100_000);
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] body = gzip("a 1\nb 2\nc 3\n".getBytes(StandardCharsets.US_ASCII));
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> decode(cut, 1000))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("gzip: ");
        }
    }

    @Test
    void refusesOrSurvivesEveryFlippedBit() throws IOException {
        byte[] text = "a 1\nb 2\nc 3\n".getBytes(StandardCharsets.US_ASCII);
        byte[] body = gzip(text);
        for (int bit = 0; bit < 8 * body.length; bit++) {
            byte[] flipped = body.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                // Flags and times in the header do not change the content.
                assertThat(decode(flipped, 1000)).isEqualTo(text);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("gzip: ");
            }
        }
    }

    @Test
    void givesItsMemoryBack() throws IOException {
        decode(gzip(new byte[100_000]), Integer.MAX_VALUE);
        packed.release();
        plain.release();
        assertThat(pool.idleBytes()).isGreaterThanOrEqualTo(1 << 17);
        assertThat(plain.bytes()).isEmpty();
        long idle = pool.idleBytes();
        plain.start(1000);
        plain.add(ByteBuffer.wrap(new byte[10]));
        // It expects as much as last time, and takes the array that it gave back.
        assertThat(pool.idleBytes()).isEqualTo(idle - (1 << 17));
    }
}
