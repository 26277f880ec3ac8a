// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.http.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets behind a socket of this machine, as {@code __unix_socket__} names it. */
class UnixSocketIT {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    @TempDir
    private Path directory;

    private final BufferPool buffers = new BufferPool(1 << 20);
    private final BodyBuffer body = new BodyBuffer(buffers);
    private final HttpFetchers client =
            new HttpFetchers(Ticker.system(), WallClock.system(), Map.of("http_proxy", "http://127.0.0.1:1"));
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocketChannel server;
    /** The port that all bytes go to, and come from, in place of an answer; 0 for none. */
    private volatile int behind;

    private volatile String answer = HEAD + "Content-Length: 4\r\n\r\na 1\n";

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path()));
        Thread.ofVirtual().name("unix-server").start(this::accept);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    private String path() {
        return directory.resolve("s").toString();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().name("unix-connection").start(() -> serve(connection));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private void pass(SocketChannel connection) {
        try (connection;
                SocketChannel other =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind))) {
            Thread back = Thread.ofVirtual().start(() -> copy(other, connection));
            copy(connection, other);
            back.join();
        } catch (IOException _) {
            // One end has gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.close();
        } catch (IOException _) {
            // One end has gone.
        }
    }

    private void serve(SocketChannel connection) {
        if (behind != 0) {
            pass(connection);
            return;
        }
        try (connection) {
            StringBuilder request = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (connection.read(buffer) >= 0) {
                request.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
                if (request.toString().endsWith("\r\n\r\n")) {
                    requests.add(request.toString());
                    request.setLength(0);
                    ByteBuffer out = ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1));
                    while (out.hasRemaining()) {
                        connection.write(out);
                    }
                }
            }
        } catch (IOException _) {
            // The other end has gone.
        }
    }

    private String fetch(String socket, Duration timeout) throws IOException, InterruptedException {
        body.start(8 << 20);
        HttpCall call = new HttpCall(URI.create("http://nowhere.invalid:80/metrics"), Map.of(), timeout);
        HttpAnswer got = client.fetch(call.through(socket), body);
        assertThat(got.status()).isEqualTo(200);
        return new String(body.bytes(), 0, body.size(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void asksTheSocketWhateverHostTheUrlNamesAndKeepsTheConnection() throws IOException, InterruptedException {
        assertThat(fetch(path(), Duration.ofSeconds(20))).isEqualTo("a 1\n");
        assertThat(fetch(path(), Duration.ofSeconds(20))).isEqualTo("a 1\n");
        assertThat(requests)
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request).startsWith("GET /metrics HTTP/1.1\r\nHost: nowhere.invalid:80\r\n"));
        assertThat(connections).hasValue(1);
    }

    @Test
    void readsALargeAnswer() throws IOException, InterruptedException {
        String large = "x".repeat(5 << 20);
        answer = HEAD + "Content-Length: " + large.length() + "\r\n\r\n" + large;
        assertThat(fetch(path(), Duration.ofSeconds(20))).isEqualTo(large);
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        String other = directory.resolve("other").toString();
        assertThatThrownBy(() -> fetch(other, Duration.ofSeconds(20)))
                .isInstanceOf(IOException.class)
                .hasMessage("dial unix " + other + ": connect: no such file or directory");
        String deserted = directory.resolve("deserted").toString();
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(deserted))
                .close();
        assertThatThrownBy(() -> fetch(deserted, Duration.ofSeconds(20)))
                .hasMessage("dial unix " + deserted + ": connect: connection refused");
    }

    @Test
    void givesUpAtTheDeadline() {
        answer = HEAD + "Content-Length: 10\r\n\r\na 1\n";
        assertThatThrownBy(() -> fetch(path(), Duration.ofMillis(300)))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("context deadline exceeded");
    }

    @Test
    void speaksTlsOnIt(@TempDir Path certificates) throws IOException, InterruptedException {
        TestCertificate certificate = TestCertificate.make(certificates, "server", "dns:inside.test");
        try (LoopbackServer secured = LoopbackServer.startTls(
                certificate.context(),
                false,
                (_, out) -> LoopbackServer.respond(out, "text/plain", "tls 1\n".getBytes(StandardCharsets.US_ASCII)))) {
            behind = URI.create("http://" + secured.address()).getPort();
            HttpFetcher trusting = client.configured(new HttpClientConfig(
                    null,
                    null,
                    null,
                    new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null),
                    ProxyConfig.NONE,
                    true,
                    true,
                    Map.of()));
            body.start(1 << 20);
            HttpCall call = new HttpCall(URI.create("https://inside.test/metrics"), Map.of(), Duration.ofSeconds(20));
            assertThat(trusting.fetch(call.through(path()), body).status()).isEqualTo(200);
            assertThat(new String(body.bytes(), 0, body.size(), StandardCharsets.US_ASCII))
                    .isEqualTo("tls 1\n");
        }
    }
}
