// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFetchersIT {
    private final Ticker system = Ticker.system();
    private final AtomicLong extraNanos = new AtomicLong();
    private final HttpFetchers client = new HttpFetchers(() -> system.nanos() + extraNanos.get(), WallClock.system());
    private final BufferPool pool = new BufferPool(1 << 20);
    private final BodyBuffer body = new BodyBuffer(pool);

    @AfterEach
    void close() {
        client.close();
    }

    private static void raw(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private HttpAnswer fetch(LoopbackServer server, String path) throws IOException, InterruptedException {
        return fetch(server, path, Duration.ofSeconds(10));
    }

    private HttpAnswer fetch(LoopbackServer server, String path, Duration timeout)
            throws IOException, InterruptedException {
        body.start(1 << 20);
        URI uri = URI.create("http://" + server.address() + path);
        return client.fetch(new HttpCall(uri, Map.of("X-Test", "yes"), timeout), body);
    }

    private String text() {
        return new String(body.bytes(), 0, body.size(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void keepsItsConnection() throws IOException, InterruptedException {
        LoopbackHandler handler = (request, out) -> LoopbackServer.respond(
                out, "text/plain", (request.target() + request.header("x-test")).getBytes(StandardCharsets.US_ASCII));
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            for (int i = 0; i < 5; i++) {
                HttpAnswer response = fetch(server, "/a%20b?c=" + i);
                assertThat(response).isEqualTo(new HttpAnswer(200, "text/plain", ""));
                assertThat(text()).isEqualTo("/a%20b?c=" + i + "yes");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(client.openConnections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65_536, 200_000, 1 << 20})
    void readsBodiesOfEverySizeAndForm(int size) throws IOException, InterruptedException {
        String content = "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
        LoopbackHandler handler = (request, out) -> {
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
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            for (String path : new String[] {"/length", "/chunked", "/chunked", "/to-end", "/length"}) {
                assertThat(fetch(server, path).status()).isEqualTo(200);
                assertThat(text()).as(path).isEqualTo(content);
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
            for (int i = 0; i < 6; i++) {
                assertThat(fetch(server, "/").status()).isEqualTo(200);
            }
            assertThat(count.get()).isEqualTo(6);
        }
    }

    @Test
    void closesAConnectionThatIsNotToBeKept() throws IOException, InterruptedException {
        LoopbackHandler handler =
                (_, out) -> raw(out, "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx");
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            fetch(server, "/");
            assertThat(client.openConnections()).isZero();
        }
    }

    @Test
    void closesConnectionsThatWaitForLong() throws IOException, InterruptedException {
        LoopbackHandler handler =
                (_, out) -> LoopbackServer.respond(out, "text/plain", "x".getBytes(StandardCharsets.US_ASCII));
        try (LoopbackServer one = LoopbackServer.start(handler);
                LoopbackServer two = LoopbackServer.start(handler)) {
            fetch(one, "/");
            extraNanos.set(Duration.ofMinutes(6).toNanos());
            fetch(two, "/");
            assertThat(client.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void passesOverInterimAnswersAndFollowsRedirects() throws IOException, InterruptedException {
        LoopbackHandler handler = (request, out) -> {
            if (request.target().equals("/from")) {
                LoopbackServer.respond(
                        out, 302, Map.of("Location", "/to"), "moved".getBytes(StandardCharsets.US_ASCII));
            } else {
                raw(out, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                LoopbackServer.respond(out, "text/plain", "x".getBytes(StandardCharsets.US_ASCII));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThat(fetch(server, "/from").status()).isEqualTo(200);
            assertThat(text()).isEqualTo("x");
        }
    }

    @Test
    void readsAnswersWithoutABody() throws IOException, InterruptedException {
        LoopbackHandler handler = (_, out) -> raw(out, "HTTP/1.1 204 No Content\r\n\r\n");
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThat(fetch(server, "/").status()).isEqualTo(204);
            assertThat(fetch(server, "/").status()).isEqualTo(204);
            assertThat(server.connections()).isEqualTo(1);
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
            assertThatThrownBy(() -> fetch(server, "/"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
            assertThat(client.openConnections()).isZero();
        }
    }

    @Test
    void refusesAHeadWithoutEnd() throws IOException {
        LoopbackHandler handler = (_, out) -> {
            raw(out, "HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                raw(out, "x".repeat(1000));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThatThrownBy(() -> fetch(server, "/")).hasMessage("HTTP response header is too large");
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
            assertThatThrownBy(() -> fetch(server, "/")).isInstanceOf(BodyTooLargeException.class);
            assertThat(client.openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx"})
    void givesUpAtTheDeadlineWhereverTheAnswerStops(String start) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        LoopbackHandler handler = (_, out) -> {
            raw(out, start);
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThatThrownBy(() -> fetch(server, "/", Duration.ofMillis(200)))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("context deadline exceeded");
            assertThat(client.openConnections()).isZero();
        } finally {
            end.countDown();
        }
    }

    @Test
    void givesUpAtTheDeadlineThoughDropsKeepComing() throws IOException {
        LoopbackHandler handler = (_, out) -> {
            raw(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            while (true) {
                // Each byte moves the time on by a second, so that no read waits for long.
                extraNanos.addAndGet(1_000_000_000);
                raw(out, "x");
                Thread.onSpinWait();
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThatThrownBy(() -> fetch(server, "/", Duration.ofSeconds(10)))
                    .isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void failsRequestsOnTheirWayWhenItIsClosed() throws IOException, InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        LoopbackHandler handler = (_, _) -> {
            arrived.countDown();
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    arrived.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                client.close();
            });
            assertThatThrownBy(() -> fetch(server, "/")).isInstanceOf(IOException.class);
            closer.join();
        } finally {
            end.countDown();
        }
    }
}
