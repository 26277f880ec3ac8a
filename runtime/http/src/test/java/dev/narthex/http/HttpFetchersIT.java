// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpFetchersIT extends HttpAnswersContract {
    private final Ticker system = Ticker.system();
    private final AtomicLong extraNanos = new AtomicLong();
    private final HttpFetchers client = new HttpFetchers(() -> system.nanos() + extraNanos.get(), WallClock.system());

    @AfterEach
    void close() {
        client.close();
    }

    @Override
    Asker asker(LoopbackServer server, String path, Duration timeout) {
        return () -> fetch(server, path, timeout);
    }

    @Override
    int openConnections() {
        return client.openConnections();
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

    @Test
    void keepsItsConnectionFromPathToPath() throws IOException, InterruptedException {
        try (LoopbackServer server = LoopbackServer.start(echo())) {
            for (int i = 0; i < 5; i++) {
                HttpAnswer response = fetch(server, "/a%20b?c=" + i);
                assertThat(response).isEqualTo(new HttpAnswer(200, "text/plain", ""));
                assertThat(text()).isEqualTo("/a%20b?c=" + i + "yes");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(client.openConnections()).isEqualTo(1);
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
            await(end);
        };
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            Thread closer = Thread.ofVirtual().start(() -> {
                await(arrived);
                client.close();
            });
            assertThatThrownBy(() -> fetch(server, "/")).isInstanceOf(IOException.class);
            closer.join();
        } finally {
            end.countDown();
        }
    }
}
