// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdkHttpPosterIT {
    private static final byte[] BODY = "{\"a\":\"ü\"}\n".getBytes(StandardCharsets.UTF_8);

    private final JdkHttpPoster poster = new JdkHttpPoster("Narthex/test");

    @AfterEach
    void close() {
        poster.close();
    }

    @Test
    void postsJsonWithItsName() throws Exception {
        try (Collector collector = new Collector()) {
            HttpPoster.Answer answer =
                    poster.post(URI.create(collector.url() + "/hook?token=t"), BODY, Duration.ofSeconds(20));
            assertThat(answer).isEqualTo(new HttpPoster.Answer(200, ""));
            assertThat(collector.below("/")).singleElement().satisfies(one -> {
                assertThat(one.path()).isEqualTo("/hook?token=t");
                assertThat(one.contentType()).isEqualTo("application/json");
                assertThat(one.userAgent()).isEqualTo("Narthex/test");
                assertThat(one.body()).isEqualTo("{\"a\":\"ü\"}\n");
            });
        }
    }

    @Test
    void readsOnlyTheBeginningOfAnAnswer() throws Exception {
        byte[] large = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        try (LoopbackServer server =
                LoopbackServer.start((_, out) -> LoopbackServer.respond(out, 500, Map.of(), large))) {
            HttpPoster.Answer answer = poster.post(uri(server), BODY, Duration.ofSeconds(20));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).hasSize(512);
        }
    }

    /** Nothing is answered, or an answer that stops in its head, or in its body. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx"})
    void givesUpAfterTheLimitWhereverTheAnswerStops(String start) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (LoopbackServer server = LoopbackServer.start((_, out) -> {
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            assertThatThrownBy(() -> poster.post(uri(server), BODY, Duration.ofMillis(100)))
                    .isInstanceOf(HttpTimeoutException.class);
            end.countDown();
        }
    }

    @Test
    void reportsThatNobodyListens() throws Exception {
        URI gone;
        try (LoopbackServer server = LoopbackServer.start((_, _) -> {})) {
            gone = uri(server);
        }
        assertThatThrownBy(() -> poster.post(gone, BODY, Duration.ofSeconds(20)))
                .isInstanceOf(IOException.class);
    }

    /** A client reads all certificates that the machine trusts, and has a thread: a start without alerts needs neither. */
    @Test
    void makesNoClientBeforeTheFirstRequest() throws Exception {
        Set<Thread> before = clients();
        try (JdkHttpPoster fresh = new JdkHttpPoster("Narthex/test");
                LoopbackServer server =
                        LoopbackServer.start((_, out) -> LoopbackServer.respond(out, 200, Map.of(), BODY))) {
            assertThat(before).containsAll(clients());
            fresh.post(uri(server), BODY, Duration.ofSeconds(20));
            assertThat(clients()).anyMatch(thread -> !before.contains(thread));
        }
    }

    @Test
    void refusesToPostWhenClosed() {
        poster.close();
        assertThatThrownBy(() -> poster.post(URI.create("http://127.0.0.1:1/"), BODY, Duration.ofSeconds(20)))
                .isInstanceOf(IOException.class)
                .hasMessage("closed");
    }

    private static Set<Thread> clients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("SelectorManager"))
                .collect(Collectors.toSet());
    }

    private static URI uri(LoopbackServer server) {
        return URI.create("http://" + server.address() + "/");
    }
}
