// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopCallIT {
    private static final long LIMIT_SECONDS = 30;
    private static final HttpAnswer REDIRECTED = new HttpAnswer(-1, "", "");

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final HttpLoop loop = new HttpLoop("test-loop", scheduler);
    private final HttpFetchers client = new HttpFetchers(loop, Map.of("http_proxy", "http://127.0.0.1:1"));
    private final BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));

    @AfterEach
    void close() {
        client.close();
        loop.close();
        scheduler.close();
    }

    /** A call and what came of the last start. */
    private final class Asker implements RepeatedCall.Listener {
        private final RepeatedCall call;
        private volatile CompletableFuture<HttpAnswer> outcome = new CompletableFuture<>();
        private volatile Thread by = Thread.currentThread();

        Asker(LoopbackServer server, String path, Duration timeout) {
            URI uri = URI.create("http://" + server.address() + path);
            HttpCall request = new HttpCall(uri, Map.of("X-Test", "yes"), timeout);
            call = Objects.requireNonNull(client.repeated(request, body, this));
        }

        HttpAnswer ask() throws IOException, InterruptedException {
            body.start(1 << 20);
            outcome = new CompletableFuture<>();
            call.start();
            try {
                return outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw (IOException) e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("the listener was not told", e);
            }
        }

        @Override
        public void answered(HttpAnswer answer) {
            by = Thread.currentThread();
            outcome.complete(answer);
        }

        @Override
        public void failed(IOException failure) {
            outcome.completeExceptionally(failure);
        }

        @Override
        public void redirected() {
            outcome.complete(REDIRECTED);
        }
    }

    private Asker asker(LoopbackServer server, String path) {
        return new Asker(server, path, Duration.ofSeconds(LIMIT_SECONDS));
    }

    private static void raw(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private String text() {
        return new String(body.bytes(), 0, body.size(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void keepsItsConnectionFromStartToStart() throws IOException, InterruptedException {
        LoopbackHandler handler = (request, out) -> LoopbackServer.respond(
                out, "text/plain", (request.target() + request.header("x-test")).getBytes(StandardCharsets.US_ASCII));
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            Asker asker = asker(server, "/a%20b?c=d");
            for (int i = 0; i < 5; i++) {
                assertThat(asker.ask()).isEqualTo(new HttpAnswer(200, "text/plain", ""));
                assertThat(text()).isEqualTo("/a%20b?c=dyes");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(client.openConnections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65_536, 131_072, 200_000, 1 << 20})
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
            for (String path : new String[] {"/length", "/chunked", "/to-end"}) {
                Asker asker = asker(server, path);
                for (int i = 0; i < 2; i++) {
                    assertThat(asker.ask().status()).isEqualTo(200);
                    assertThat(text()).as(path).isEqualTo(content);
                    assertThat(asker.by.isVirtual() || size < 1 << 20)
                            .as("large bodies are worked on elsewhere")
                            .isTrue();
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
            asker(server, "/").ask();
            assertThat(client.openConnections()).isZero();
        }
    }

    @Test
    void leavesRedirectsToTheListener() throws IOException, InterruptedException {
        LoopbackHandler handler = (_, out) -> LoopbackServer.respond(
                out, 302, Map.of("Location", "/to"), "moved".getBytes(StandardCharsets.US_ASCII));
        try (LoopbackServer server = LoopbackServer.start(handler)) {
            assertThat(asker(server, "/").ask()).isSameAs(REDIRECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
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
            assertThat(client.openConnections()).isZero();
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
            assertThat(client.openConnections()).isZero();
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
            Asker asker = new Asker(server, "/", Duration.ofMillis(200));
            assertThatThrownBy(asker::ask)
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("context deadline exceeded");
            assertThat(client.openConnections()).isZero();
        } finally {
            end.countDown();
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        String address;
        Asker asker;
        try (LoopbackServer server = LoopbackServer.start((_, _) -> {})) {
            address = server.address();
            asker = asker(server, "/");
        }
        assertThatThrownBy(asker::ask).hasMessage("dial tcp " + address + ": connect: connection refused");
    }

    @Test
    void failsCallsOnTheirWayWhenTheClientIsClosed() throws IOException, InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (LoopbackServer server = LoopbackServer.start((_, _) -> {
            arrived.countDown();
            await(end);
        })) {
            Asker asker = asker(server, "/");
            Thread closer = Thread.ofVirtual().start(() -> {
                await(arrived);
                client.close();
            });
            assertThatThrownBy(asker::ask).hasMessageContaining("closed");
            closer.join();
        } finally {
            end.countDown();
        }
    }

    @Test
    void closesItsConnectionWithTheCall() throws IOException, InterruptedException {
        try (LoopbackServer server =
                LoopbackServer.start((_, out) -> LoopbackServer.respond(out, "text/plain", new byte[] {'x'}))) {
            Asker asker = asker(server, "/");
            asker.ask();
            asker.call.close();
            CountDownLatch done = new CountDownLatch(1);
            loop.execute(done::countDown);
            await(done);
            assertThat(client.openConnections()).isZero();
        }
    }

    @Test
    void leavesToThreadsThatWaitWhatItDoesNotSpeak() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + taken.getLocalPort();
            assertThat(repeated(client, "http://" + place, "")).isNotNull();
            assertThat(repeated(client, "https://" + place, "")).isNull();
            assertThat(repeated(client, "http://" + place, "/run/socket")).isNull();
            ProxyConfig proxy = new ProxyConfig(new Secret("http://" + place), "", false, Map.of());
            HttpFetcher proxied =
                    client.configured(new HttpClientConfig(null, null, null, null, proxy, true, true, Map.of()));
            assertThat(repeated(proxied, "http://example.org", "")).isNull();
        }
    }

    private @Nullable RepeatedCall repeated(HttpFetcher fetcher, String url, String socket) {
        HttpCall call = new HttpCall(URI.create(url), Map.of(), Duration.ofSeconds(1)).through(socket);
        return fetcher.repeated(call, body, new RepeatedCall.Listener() {
            @Override
            public void answered(HttpAnswer answer) {}

            @Override
            public void failed(IOException failure) {}

            @Override
            public void redirected() {}
        });
    }

    @Test
    void runsBriefTasksInTheirOrderOnItsThread() throws InterruptedException {
        LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
        loop.scheduleBrief(
                Duration.ofMillis(40),
                () -> ran.add("third " + Thread.currentThread().getName()));
        loop.scheduleBrief(Duration.ZERO, () -> {
            ran.add("first " + Thread.currentThread().getName());
            loop.scheduleBrief(Duration.ofMillis(1), () -> ran.add("second"));
            loop.goOnBlocking(() -> ran.add("virtual " + Thread.currentThread().isVirtual()));
        });
        Scheduler.Task cancelled = loop.scheduleBrief(Duration.ofMillis(20), () -> ran.add("cancelled"));
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            seen.add(ran.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
        assertThat(seen).contains("virtual true");
        seen.remove("virtual true");
        assertThat(seen).containsExactly("first test-loop", "second", "third test-loop");
    }

    @Test
    void goesOnAfterATaskThatFails() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        loop.scheduleBrief(Duration.ZERO, () -> {
            throw new IllegalStateException("on purpose");
        });
        loop.scheduleBrief(Duration.ofMillis(1), ran::countDown);
        assertThat(ran.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
