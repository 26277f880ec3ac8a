// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private final BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));
    private final AnswerReader reader = new AnswerReader();

    /** Reads pieces of a size; what is left behind the answer. */
    private int read(String answer, int pieceBytes) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
        body.start(1 << 20);
        reader.start();
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            int length = Math.min(pieceBytes, bytes.length - at);
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
            if (reader.take(piece, body)) {
                return bytes.length - piece.position();
            }
        }
        return -1;
    }

    private String text() {
        return new String(body.bytes(), 0, body.size(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: a\r\n\r\nabcde",
                """
                HTTP/1.1 200 OK
                Content-Type: a
                Transfer-Encoding: chunked

                2
                ab
                3;x=y
                cde
                0

                """,
                """
                HTTP/1.1 103 Early
                Content-Length: 9

                HTTP/1.1 200 OK
                Content-Type: a
                Transfer-Encoding: chunked

                5
                abcde
                0
                Trailer: x

                """,
            })
    void readsTheSameHoweverItIsCut(String written) throws IOException {
        String answer = written.contains("\r") ? written : written.replace("\n", "\r\n");
        for (int piece = 1; piece <= answer.length() + 1; piece++) {
            assertThat(read(answer + "rest", piece)).as("pieces of %d", piece).isBetween(0, 4);
            assertThat(text()).as("pieces of %d", piece).isEqualTo("abcde");
            assertThat(reader.head().status).isEqualTo(200);
            assertThat(reader.head().contentType).isEqualTo("a");
            assertThat(reader.head().keepAlive).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n",
                "Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n",
                "Content-Length: +1\r\n\r\nx",
                " X: y\r\n\r\n",
                ": y\r\n\r\n",
                "X: a\0b\r\n\r\n",
                "X\u00e9: y\r\n\r\n",
            })
    void refusesAsStrictlyAsGo(String head) {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + head, 5)).isInstanceOf(IOException.class);
    }

    @Test
    void takesWhatGoTakes() throws IOException {
        assertThat(read("HTTP/2.0  +20 x\nContent-Type: a\nContent-Type: b\nX : y\nContent-Length: 01\n\nx", 3))
                .isZero();
        assertThat(reader.head().status).isEqualTo(20);
        assertThat(reader.head().contentType).isEqualTo("a");
        assertThat(reader.head().reason).isEqualTo("+20 x");
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Type: a; \r\n\t b=c\r\nContent-Length: 0\r\n\r\n", 3))
                .isZero();
        assertThat(reader.head().contentType).isEqualTo("a; b=c");
        assertThat(read("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx", 9))
                .isZero();
        assertThat(reader.head().keepAlive).isFalse();
    }

    @Test
    void theStatusCountsWhateverBecomesOfTheBody() throws IOException {
        assertThat(read("HTTP/1.1 404 Nowhere\r\nTransfer-Encoding: chunked\r\n\r\nbroken\n", 100))
                .isZero();
        assertThat(reader.head().reason).isEqualTo("404 Nowhere");
        assertThat(reader.head().keepAlive).isFalse();
        assertThat(read("HTTP/1.1 500 x\r\nContent-Length: 9\r\n\r\nx", 100)).isEqualTo(-1);
        reader.end();
        assertThat(reader.head().status).isEqualTo(500);
    }

    @Test
    void leavesWhatStandsBehindTheAnswer() throws IOException {
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc", 100)).isEqualTo(2);
        assertThat(read("HTTP/1.1 204 No Content\r\n\r\nabc", 100)).isEqualTo(3);
    }

    @Test
    void takesTheEndOfTheStreamForTheEndOfABodyWithoutALength() throws IOException {
        assertThat(read("HTTP/1.1 200 OK\r\n\r\nabc", 3)).isEqualTo(-1);
        reader.end();
        assertThat(text()).isEqualTo("abc");
        assertThat(reader.head().keepAlive).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            })
    void refusesAnAnswerThatIsCutOff(String answer) throws IOException {
        assertThat(read(answer, 7)).isEqualTo(-1);
        assertThatThrownBy(reader::end).isInstanceOf(IOException.class).hasMessageStartingWith("unexpected end");
    }
}
