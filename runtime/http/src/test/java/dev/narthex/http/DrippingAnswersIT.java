// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.http.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets, proxies and token servers that send one byte now and then, at any step: the deadline holds for the whole, though no
 * read waits for long. Each byte moves the time on by a second.
 */
class DrippingAnswersIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long STEP_NANOS = 1_000_000_000;
    private static final int NEVER_ENDING = 100_000;

    private final AtomicLong extraNanos = new AtomicLong();
    private final Ticker system = Ticker.system();
    private final HttpFetchers client =
            new HttpFetchers(() -> system.nanos() + extraNanos.get(), WallClock.system(), Map.of());
    private final BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));

    @AfterEach
    void close() {
        client.close();
    }

    /** What a peer says to whoever connects. */
    private interface Talk {
        void with(Socket client) throws IOException;
    }

    /** A peer that talks to each connection by a thread of its own. */
    private static ServerSocket peer(Talk talk) throws IOException {
        ServerSocket listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            socket.setTcpNoDelay(true);
                            talk.with(socket);
                        } catch (IOException _) {
                            // The client has given up.
                        }
                    });
                }
            } catch (IOException _) {
                // It is closed.
            }
        });
        return listening;
    }

    private static String address(ServerSocket peer) {
        return "127.0.0.1:" + peer.getLocalPort();
    }

    private void drip(OutputStream out, String text) throws IOException {
        for (byte next : text.getBytes(StandardCharsets.ISO_8859_1)) {
            extraNanos.addAndGet(STEP_NANOS);
            out.write(next);
            out.flush();
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void readHead(InputStream in) throws IOException {
        for (int ended = 0; ended < 4; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client has gone");
            }
            ended = next == "\r\n\r\n".charAt(ended) ? ended + 1 : 0;
        }
    }

    private void assertGivenUp(HttpClientConfig config, String url) {
        body.start(1 << 20);
        assertThatThrownBy(() -> client.configured(config)
                        .fetch(new HttpCall(URI.create(url), Map.of("User-Agent", "t"), TIMEOUT), body))
                .as(url)
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("context deadline exceeded");
    }

    private static HttpClientConfig with(TlsConfig tls) {
        return new HttpClientConfig(null, null, null, tls, ProxyConfig.NONE, true, true, Map.of());
    }

    private static HttpClientConfig through(String proxy) {
        return new HttpClientConfig(
                null, null, null, null, new ProxyConfig(new Secret(proxy), "", false, Map.of()), true, true, Map.of());
    }

    @Test
    void givesUpAtTheDeadlineWhereTheHeadDrips() throws IOException {
        try (ServerSocket target = peer(socket -> {
            readHead(socket.getInputStream());
            send(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nX: ");
            drip(socket.getOutputStream(), "x".repeat(NEVER_ENDING));
        })) {
            assertGivenUp(HttpClientConfig.DEFAULT, "http://" + address(target) + "/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereTrailersDrip() throws IOException {
        try (ServerSocket target = peer(socket -> {
            readHead(socket.getInputStream());
            send(
                    socket.getOutputStream(),
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n0\r\nX: ");
            drip(socket.getOutputStream(), "x".repeat(NEVER_ENDING));
        })) {
            assertGivenUp(HttpClientConfig.DEFAULT, "http://" + address(target) + "/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereAnswersInBetweenDrip() throws IOException {
        try (ServerSocket target = peer(socket -> {
            readHead(socket.getInputStream());
            drip(socket.getOutputStream(), "HTTP/1.1 100 Continue\r\n\r\n".repeat(NEVER_ENDING / 25));
        })) {
            assertGivenUp(HttpClientConfig.DEFAULT, "http://" + address(target) + "/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereTheHandshakeOfTlsDrips() throws IOException {
        try (ServerSocket target = peer(socket -> {
            // The head of a record with a handshake of 16 KiB in it, the first message of which is as long.
            send(socket.getOutputStream(), "\u0016\u0003\u0003@\u0000\u0002\u0000?\u00fc\u0003\u0003");
            drip(socket.getOutputStream(), "x".repeat(NEVER_ENDING));
        })) {
            assertGivenUp(HttpClientConfig.DEFAULT, "https://" + address(target) + "/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereARecordOfTlsDrips(@TempDir Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.make(directory, "dripping", "ip:127.0.0.1");
        AtomicLong asked = new AtomicLong();
        TlsConfig tls = new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
        try (LoopbackServer target = LoopbackServer.startTls(certificate.context(), false, (_, out) -> {
                    asked.incrementAndGet();
                    LoopbackServer.respond(
                            out, "text/plain", "a 1\n".repeat(3000).getBytes(StandardCharsets.US_ASCII));
                });
                ServerSocket between = peer(socket -> {
                    String[] hostAndPort = target.address().split(":", 2);
                    try (Socket other = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
                        Thread.ofVirtual().start(() -> copy(socket, other));
                        InputStream in = other.getInputStream();
                        for (int next = in.read(); next >= 0; next = in.read()) {
                            extraNanos.addAndGet(asked.get() * STEP_NANOS);
                            socket.getOutputStream().write(next);
                        }
                    }
                })) {
            assertGivenUp(with(tls), "https://" + address(between) + "/");
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One of them has gone.
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereAProxyDrips() throws IOException {
        try (ServerSocket proxy = peer(socket -> {
            readHead(socket.getInputStream());
            send(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nX: ");
            drip(socket.getOutputStream(), "x".repeat(NEVER_ENDING / 2));
        })) {
            assertGivenUp(through("http://" + address(proxy)), "https://127.0.0.1:1/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereASocksProxyDrips() throws IOException {
        try (ServerSocket proxy = peer(socket -> {
            // A way in without a user, then a very long name.
            send(socket.getOutputStream(), "\u0005\u0000\u0005\u0000\u0000\u0003\u00ff");
            drip(socket.getOutputStream(), "x".repeat(257));
            send(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            assertGivenUp(through("socks5://" + address(proxy)), "http://127.0.0.1:1/");
        }
    }

    @Test
    void givesUpAtTheDeadlineWhereATokenServerDrips() throws IOException {
        try (ServerSocket tokens = peer(socket -> {
            readHead(socket.getInputStream());
            send(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{");
            drip(socket.getOutputStream(), " ".repeat(NEVER_ENDING));
        })) {
            OAuth2Config oauth2 = new OAuth2Config(
                    "id",
                    new Secret("s"),
                    "",
                    "",
                    Secret.NONE,
                    "",
                    "",
                    "",
                    "",
                    "",
                    Map.of(),
                    List.of(),
                    "http://" + address(tokens) + "/",
                    Map.of(),
                    null,
                    ProxyConfig.NONE);
            assertGivenUp(
                    new HttpClientConfig(null, null, oauth2, null, ProxyConfig.NONE, true, true, Map.of()),
                    "http://127.0.0.1:1/");
        }
    }
}
