// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.TestCertificate;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets that speak HTTP/2 and misbehave in its own ways (RFC 9113, section 10.5): each ends in an error that says why, by the
 * deadline, and the next fetch of a good target by the same client is answered.
 */
class HostileHttp2IT {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PREFACE_BYTES = 24;
    /** {@code :status: 200} in HPACK's table. */
    private static final byte STATUS_200 = (byte) 0x88;

    private static final String FLOOD = "http2: too many frames that are no part of the answer";
    private static final String ECHOES = "http2: too many frames that want an answer";
    private static final Map<String, String> ERRORS = Map.ofEntries(
            Map.entry("continuation", FLOOD),
            Map.entry("large", "http2: response header list larger than advertised limit"),
            Map.entry("empty-continuation", FLOOD),
            Map.entry("interim", FLOOD),
            Map.entry("reset", "stream error: stream ID 1; ENHANCE_YOUR_CALM; received from peer"),
            Map.entry("ping", ECHOES),
            Map.entry("settings", ECHOES),
            Map.entry("window", FLOOD),
            Map.entry("zero-window", "context deadline exceeded"),
            Map.entry("empty-data", FLOOD),
            Map.entry("endless", "body size limit exceeded: more than " + (1 << 20) + " bytes"),
            Map.entry("endless-500", "500 "),
            Map.entry("trailers", FLOOD),
            Map.entry("short", "unexpected EOF"),
            Map.entry("long", "net/http: server replied with more than declared Content-Length; truncated"),
            Map.entry("push", "http2: protocol error: pushed though not wanted"),
            Map.entry("goaway", "http2: Transport received GOAWAY from server ErrCode:ENHANCE_YOUR_CALM"),
            Map.entry("garbage", "http2: frame too large"),
            Map.entry(
                    "no-status",
                    "stream error: stream ID 1; PROTOCOL_ERROR; malformed response from server: missing status pseudo"
                            + " header"),
            Map.entry("bad-hpack", "connection error: COMPRESSION_ERROR"),
            Map.entry("silent", "context deadline exceeded"));

    private static final String GOOD = "200 a 1\n";
    private static final int MAX_BODY_BYTES = 1 << 20;
    /** Those who get nothing wait for it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    /** What a target does once it has a request. */
    private interface Answer {
        void to(int stream, OutputStream out) throws IOException;
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(9);
        head.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream);
        out.write(head.array());
        out.write(payload);
        out.flush();
    }

    /** A field whose name and value are texts, not in any table (RFC 7541, section 6.2.2). */
    private static byte[] field(String name, String value) {
        byte[] names = name.getBytes(StandardCharsets.US_ASCII);
        byte[] values = value.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer field = ByteBuffer.allocate(3 + names.length + values.length);
        field.put((byte) 0)
                .put((byte) names.length)
                .put(names)
                .put((byte) values.length)
                .put(values);
        return field.array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] headers() {
        return joined(new byte[] {STATUS_200}, field("content-type", "text/plain"));
    }

    private static void good(int stream, OutputStream out) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, headers());
        frame(out, DATA, END_STREAM, stream, "a 1\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Frames for ever, until the client has gone. */
    private static Answer endless(int type, int flags, boolean onStream, byte[] payload) {
        return (stream, out) -> {
            while (true) {
                frame(out, type, flags, onStream ? stream : 0, payload);
            }
        };
    }

    private static Map<String, Answer> answers() {
        byte[] large = field("x", "y".repeat(100));
        byte[] block = joined(large, large, large, large, large, large, large, large, large, large);
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("continuation", (stream, out) -> {
            frame(out, HEADERS, 0, stream, headers());
            endless(CONTINUATION, 0, true, block).to(stream, out);
        });
        answers.put("empty-continuation", (stream, out) -> {
            frame(out, HEADERS, 0, stream, headers());
            endless(CONTINUATION, 0, true, new byte[0]).to(stream, out);
        });
        answers.put("interim", endless(HEADERS, END_HEADERS, true, field(":status", "103")));
        answers.put("reset", (stream, out) -> frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 11}));
        answers.put("ping", endless(PING, 0, false, new byte[8]));
        answers.put("settings", endless(SETTINGS, 0, false, new byte[] {0, 4, 0, 0, 0, 1}));
        answers.put("window", endless(WINDOW_UPDATE, 0, false, new byte[] {0, 0, 0, 1}));
        answers.put("zero-window", (stream, out) -> {
            frame(out, SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
            frame(out, HEADERS, END_HEADERS, stream, headers());
        });
        answers.put("empty-data", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, headers());
            endless(DATA, 0, true, new byte[0]).to(stream, out);
        });
        answers.put("endless", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, headers());
            endless(DATA, 0, true, "a 1\n".repeat(1000).getBytes(StandardCharsets.US_ASCII))
                    .to(stream, out);
        });
        answers.put("endless-500", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, new byte[] {(byte) 0x8e});
            endless(DATA, 0, true, "a 1\n".repeat(1000).getBytes(StandardCharsets.US_ASCII))
                    .to(stream, out);
        });
        answers.put("large", (stream, out) -> {
            frame(out, HEADERS, 0, stream, headers());
            byte[] most = new byte[1 << 14];
            for (int at = 0; at + block.length < most.length; at += block.length) {
                System.arraycopy(block, 0, most, at, block.length);
            }
            endless(CONTINUATION, 0, true, most).to(stream, out);
        });
        answers.put("trailers", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, headers());
            frame(out, HEADERS, END_STREAM, stream, large);
            endless(CONTINUATION, 0, true, block).to(stream, out);
        });
        answers.put("short", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, joined(headers(), field("content-length", "100")));
            frame(out, DATA, END_STREAM, stream, "a 1\n".getBytes(StandardCharsets.US_ASCII));
        });
        answers.put("long", (stream, out) -> {
            frame(out, HEADERS, END_HEADERS, stream, joined(headers(), field("content-length", "1")));
            frame(out, DATA, END_STREAM, stream, "a 1\n".getBytes(StandardCharsets.US_ASCII));
        });
        answers.put("push", endless(PUSH_PROMISE, END_HEADERS, true, joined(new byte[] {0, 0, 0, 2}, headers())));
        answers.put("goaway", (stream, out) -> frame(out, GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 11}));
        answers.put(
                "garbage", (stream, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        answers.put("no-status", (stream, out) -> frame(out, HEADERS, END_HEADERS | END_STREAM, stream, large));
        answers.put(
                "bad-hpack",
                (stream, out) -> frame(out, HEADERS, END_HEADERS, stream, new byte[] {-1, -1, -1, -1, -1, -1, -1}));
        answers.put("silent", (stream, out) -> {});
        return answers;
    }

    private static void serve(SSLSocket socket, IntFunction<Answer> answers) {
        try (socket) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            in.skipNBytes(PREFACE_BYTES);
            frame(out, SETTINGS, 0, 0, new byte[0]);
            while (true) {
                int head = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(head >>> 8);
                if ((head & 0xff) == SETTINGS && flags == 0) {
                    frame(out, SETTINGS, 1, 0, new byte[0]);
                } else if ((head & 0xff) == HEADERS) {
                    answers.apply(stream).to(stream, out);
                }
            }
        } catch (IOException _) {
            // The client has gone.
        }
    }

    @Test
    void saysWhyAndGoesOnWithOthers() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "hostile2", "ip:127.0.0.1");
        TlsConfig tls = new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
        HttpClientConfig config = new HttpClientConfig(null, null, null, tls, ProxyConfig.NONE, true, true, Map.of());
        try (SSLServerSocket good = listen(certificate, _ -> HostileHttp2IT::good);
                HttpFetchers client = new HttpFetchers(Ticker.system(), WallClock.system(), Map.of())) {
            HttpFetcher fetcher = client.configured(config);
            Map<String, String> errors = new LinkedHashMap<>();
            for (Map.Entry<String, Answer> each : answers().entrySet()) {
                try (SSLServerSocket hostile = listen(certificate, _ -> each.getValue())) {
                    CompletableFuture<String> found = new CompletableFuture<>();
                    Thread.ofVirtual().start(() -> found.complete(fetch(fetcher, hostile)));
                    while (!found.isDone()) {
                        assertThat(fetch(fetcher, good))
                                .as("beside " + each.getKey())
                                .isEqualTo(GOOD);
                    }
                    errors.put(each.getKey(), found.get());
                }
            }
            assertThat(errors).isEqualTo(ERRORS);
        }
    }

    @Test
    void aConnectionThatHasDiedIsNotUsedForEver() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "hostile2", "ip:127.0.0.1");
        TlsConfig tls = new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
        HttpClientConfig config = new HttpClientConfig(null, null, null, tls, ProxyConfig.NONE, true, true, Map.of());
        // Each connection answers once.
        try (SSLServerSocket dying = listen(certificate, stream -> stream == 1 ? HostileHttp2IT::good : (_, _) -> {});
                HttpFetchers client = new HttpFetchers(Ticker.system(), WallClock.system(), Map.of())) {
            HttpFetcher fetcher = client.configured(config);
            assertThat(fetch(fetcher, dying)).isEqualTo(GOOD);
            assertThat(fetch(fetcher, dying)).isEqualTo("context deadline exceeded");
            assertThat(fetch(fetcher, dying)).isEqualTo(GOOD);
        }
    }

    private static SSLServerSocket listen(TestCertificate certificate, IntFunction<Answer> answers) throws IOException {
        SSLServerSocket listening = (SSLServerSocket) certificate
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    SSLSocket socket = (SSLSocket) listening.accept();
                    Thread.ofVirtual().start(() -> serve(socket, answers));
                }
            } catch (IOException _) {
                // It is closed.
            }
        });
        return listening;
    }

    private static String fetch(HttpFetcher fetcher, SSLServerSocket target) {
        String url = "https://127.0.0.1:" + target.getLocalPort() + "/metrics";
        BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));
        body.start(MAX_BODY_BYTES);
        try {
            HttpAnswer answer = fetcher.fetch(new HttpCall(URI.create(url), Map.of(), TIMEOUT), body);
            String text = new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
            return answer.status() + " " + (answer.status() == 200 ? text : "");
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
