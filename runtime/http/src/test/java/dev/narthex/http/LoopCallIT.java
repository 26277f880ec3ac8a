// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.model.time.Ticker;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopCallIT extends HttpAnswersContract {
    private static final HttpAnswer REDIRECTED = new HttpAnswer(-1, "", "");

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final HttpLoop loop = new HttpLoop("test-loop", scheduler);
    private final HttpFetchers client = new HttpFetchers(loop, Map.of("http_proxy", "http://127.0.0.1:1"));

    @AfterEach
    void close() {
        client.close();
        loop.close();
        scheduler.close();
    }

    /** A call and what came of the last start. */
    private final class LoopAsker implements Asker, RepeatedCall.Listener {
        private final RepeatedCall call;
        private volatile CompletableFuture<HttpAnswer> outcome = new CompletableFuture<>();
        private volatile Thread by = Thread.currentThread();

        LoopAsker(LoopbackServer server, String path, Duration timeout) {
            this(URI.create("http://" + server.address() + path), timeout);
        }

        LoopAsker(URI uri, Duration timeout) {
            this(client, uri, timeout);
        }

        LoopAsker(HttpFetchers by, URI uri, Duration timeout) {
            HttpCall request = new HttpCall(uri, Map.of("X-Test", "yes"), timeout);
            call = Objects.requireNonNull(by.repeated(request, body, this));
        }

        @Override
        public HttpAnswer ask() throws IOException, InterruptedException {
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

    @Override
    Asker asker(LoopbackServer server, String path, Duration timeout) {
        return new LoopAsker(server, path, timeout);
    }

    private LoopAsker asker(LoopbackServer server, String path) {
        return new LoopAsker(server, path, Duration.ofSeconds(LIMIT_SECONDS));
    }

    @Override
    int openConnections() {
        return client.openConnections();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/length", "/chunked", "/to-end"})
    void worksOnLargeBodiesElsewhere(String path) throws IOException, InterruptedException {
        try (LoopbackServer server = LoopbackServer.start(inEveryForm(content(1 << 20)))) {
            LoopAsker asker = asker(server, path);
            for (int i = 0; i < 2; i++) {
                assertThat(asker.ask().status()).isEqualTo(200);
                assertThat(asker.by.isVirtual()).isTrue();
            }
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

    @Test
    void saysThatNobodyListens() throws IOException {
        String address;
        LoopAsker asker;
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
            LoopAsker asker = asker(server, "/");
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
            LoopAsker asker = asker(server, "/");
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
        // While the thread is held, however long, all are scheduled; the last in time at first.
        CountDownLatch scheduled = new CountDownLatch(1);
        loop.execute(() -> await(scheduled));
        Scheduler.Task cancelled = loop.scheduleBrief(Duration.ofMillis(1), () -> ran.add("cancelled"));
        loop.scheduleBrief(
                Duration.ofMillis(1500),
                () -> ran.add("third " + Thread.currentThread().getName()));
        loop.scheduleBrief(Duration.ZERO, () -> {
            ran.add("first " + Thread.currentThread().getName());
            loop.scheduleBrief(Duration.ofMillis(1), () -> ran.add("second"));
            loop.goOnBlocking(() -> ran.add("virtual " + Thread.currentThread().isVirtual()));
        });
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        scheduled.countDown();
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

    @Test
    void asksAHostByItsName() throws IOException, InterruptedException {
        try (LoopbackServer server =
                LoopbackServer.start((_, out) -> LoopbackServer.respond(out, "text/plain", new byte[] {'x'}))) {
            URI uri = URI.create("http://" + server.address().replace("127.0.0.1", "localhost") + "/");
            LoopAsker asker = new LoopAsker(uri, Duration.ofSeconds(LIMIT_SECONDS));
            assertThat(asker.ask().status()).isEqualTo(200);
        }
    }

    /** Of threads that may wait there are only so many that really run: all of them have something else to do here. */
    @Test
    void connectsToAnAddressThoughNoThreadIsFree() throws IOException, InterruptedException {
        AtomicBoolean end = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerOnce(target));
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                busy.add(Thread.ofVirtual().start(() -> {
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                }));
            }
            URI uri = URI.create("http://127.0.0.1:" + target.getLocalPort() + "/");
            LoopAsker asker = new LoopAsker(uri, Duration.ofSeconds(LIMIT_SECONDS));
            assertThat(asker.ask().status()).isEqualTo(200);
        } finally {
            end.set(true);
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }

    private static void answerOnce(ServerSocket target) {
        try (Socket client = target.accept()) {
            client.getInputStream().read(new byte[1 << 12]);
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The test has ended.
        }
    }

    /** Whose time a test can move ahead. */
    private Scheduler movable(AtomicLong aheadNanos) {
        return new Scheduler() {
            @Override
            public InstantSource clock() {
                return scheduler.clock();
            }

            @Override
            public Ticker ticker() {
                return () -> scheduler.ticker().nanos() + aheadNanos.get();
            }

            @Override
            public Task schedule(Duration delay, Runnable task) {
                return scheduler.schedule(delay, task);
            }
        };
    }

    @Test
    void takesAnAnswerThatHasComeInTimeThoughItIsReadLate() throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        AtomicLong aheadNanos = new AtomicLong();
        LoopbackHandler handler = (_, out) -> {
            asked.countDown();
            await(answer);
            LoopbackServer.respond(out, "text/plain", new byte[] {'x'});
            out.flush();
            answered.countDown();
        };
        try (LoopbackServer server = LoopbackServer.start(handler);
                HttpLoop late = new HttpLoop("test-late", movable(aheadNanos));
                HttpFetchers lateClient = new HttpFetchers(late, Map.of())) {
            URI uri = URI.create("http://" + server.address() + "/");
            LoopAsker asker = new LoopAsker(lateClient, uri, Duration.ofSeconds(LIMIT_SECONDS));
            Thread hinderer = Thread.ofVirtual().start(() -> {
                await(asked);
                late.execute(() -> {
                    // While the loop is here, the answer comes and the time goes by.
                    answer.countDown();
                    await(answered);
                    settle();
                    aheadNanos.addAndGet(Duration.ofHours(1).toNanos());
                });
            });
            assertThat(asker.ask().status()).isEqualTo(200);
            hinderer.join();
        } finally {
            answer.countDown();
        }
    }

    /** Leaves the system the time to carry to one socket what was written to another. */
    private static void settle() {
        try {
            boolean over = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            assertThat(over).isFalse();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
