// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for whoever asks for an answer over HTTP/1.1, by a thread that waits or without one. */
abstract class HttpAnswersContract {
    static final long LIMIT_SECONDS = 30;

    final BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));

    /** Asks a server for one path, again and again; the content goes to the body. */
    @FunctionalInterface
    interface Asker {
        HttpAnswer ask() throws IOException, InterruptedException;
    }

    /** One who asks with the header field {@code X-Test: yes}. */
    abstract Asker asker(LoopbackServer server, String path, Duration timeout);

    abstract int openConnections();

    private Asker asker(LoopbackServer server, String path) {
        return asker(server, path, Duration.ofSeconds(LIMIT_SECONDS));
    }

    static void raw(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    final String text() {
        return new String(body.bytes(), 0, body.size(), StandardCharsets.ISO_8859_1);
    }

    /** Answers with the target and the field of the request. */
    static LoopbackHandler echo() {
        return (request, out) -> LoopbackServer.respond(
                out, "text/plain", (request.target() + request.header("x-test")).getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers at {@code /length}, {@code /chunked} and {@code /to-end} in the form of that name. */
    static LoopbackHandler inEveryForm(String content) {
        int size = content.length();
        return (request, out) -> {
            switch (request.target()) {
                case "/length" -> raw(out, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + content);
                case "/chunked" -> {
                    raw(out, "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n");
                    for (int at = 0; at < size; at += 4000) {
                        String part = content.substring(at, Math.min(size, at + 4000));
                        raw(out, Integer.toHexString(part.length()) + ";x=y\r\n" + part + "\r\n");
                    }
                    raw(out, "0\r\nTrailer: x\r\n\r\n");
                }
                default -> {
                    raw(out, "HTTP/1.0 200 OK\nContent-Type: text/plain\n\n" + content);
                    throw new IOException("the end of the stream is the end of the body");
                }
            }
        };
    }

    static String content(int size) {
        return "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
    }

    @Test
    void keepsItsConnectionFromRequestToRequest() throws IOException, InterruptedException {
        try (LoopbackServer server = LoopbackServer.start(echo())) {
            Asker asker = asker(server, "/a%20b?c=d");
            for (int i = 0; i < 5; i++) {
                assertThat(asker.ask()).isEqualTo(new HttpAnswer(200, "text/plain", ""));
                assertThat(text()).isEqualTo("/a%20b?c=dyes");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(openConnections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65_536, 131_072, 200_000, 1 << 20})
    void readsBodiesOfEverySizeAndForm(int size) throws IOException, InterruptedException {
        String content = content(size);
        try (LoopbackServer server = LoopbackServer.start(inEveryForm(content))) {
            for (String path : new String[] {"/length", "/chunked", "/to-end", "/length"}) {
                Asker asker = asker(server, path);
                for (int i = 0; i < 2; i++) {
                    assertThat(asker.ask().status()).isEqualTo(200);
                    assertThat(text()).as(path).isEqualTo(content);
                }
            }
        }
    }

    @Test
    void connectsAnewWhenTheOtherEndHasClosedTheConnection() throws IOException, InterruptedException {
        AtomicInteger count = new AtomicInteger();
        LoopbackHandler handler = (_, out) -> {
            int answer = count.incrementAndGet();
            LoopbackServer.respond(out, "text/plain", "x".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (answer % 2 == 0) {
                throw new IOException("closed without a word");
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            Asker asker = asker(server, "/");
            for (int i = 0; i < 6; i++) {
                assertThat(asker.ask().status()).isEqualTo(200);
            }
            assertThat(count.get()).isEqualTo(6);
        }
    }

    @Test
    void closesAConnectionThatIsNotToBeKept() throws IOException, InterruptedException {
        LoopbackHandler handler =
                (_, out) -> raw(out, "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx");
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            HttpAnswer _ = asker(server, "/").ask();
            assertThat(openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx",
                "HTTP/1.1 200 OK\r\n",
                "",
            })
    void refusesAnswersThatAreNone(String answer) throws IOException {
        LoopbackHandler handler = (_, out) -> {
            raw(out, answer);
            throw new IOException("closed on purpose");
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThatThrownBy(() -> asker(server, "/").ask())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
            assertThat(openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1048577\r\n\r\n", "\r\n"})
    void refusesABodyBeyondTheLimit(String head) throws IOException {
        LoopbackHandler handler = (_, out) -> {
            raw(out, "HTTP/1.1 200 OK\r\n" + head);
            while (true) {
                raw(out, "x".repeat(1000));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThatThrownBy(() -> asker(server, "/").ask()).isInstanceOf(BodyTooLargeException.class);
            assertThat(openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n", "\r\n"})
    void theStatusCountsWhereTheBodyDoesNotCome(String head) throws IOException, InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (LoopbackServer server = LoopbackServer.start((_, out) -> {
            raw(out, "HTTP/1.1 500 Oh\r\n" + head);
            await(end);
        })) {
            Asker asker = asker(server, "/", Duration.ofMillis(300));
            assertThat(asker.ask().status()).isEqualTo(500);
            assertThat(openConnections()).isZero();
        } finally {
            end.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx"})
    void givesUpAtTheDeadlineWhereverTheAnswerStops(String start) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        try (LoopbackServer server = LoopbackServer.start((_, out) -> {
            raw(out, start);
            await(end);
        })) {
            Asker asker = asker(server, "/", Duration.ofMillis(200));
            assertThatThrownBy(asker::ask)
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("context deadline exceeded");
            assertThat(openConnections()).isZero();
        } finally {
            end.countDown();
        }
    }
}
