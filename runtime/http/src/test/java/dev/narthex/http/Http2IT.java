// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the other end speaks HTTP/2, it is spoken, unless the options say otherwise. */
class Http2IT {
    @TempDir
    private Path directory;

    private static HttpClientConfig config(TestCertificate certificate, boolean http2) {
        TlsConfig tls = new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
        AuthorizationConfig authorization = new AuthorizationConfig("Bearer", new Secret("t"), "");
        return new HttpClientConfig(null, authorization, null, tls, ProxyConfig.NONE, true, http2, Map.of());
    }

    private static String fetch(HttpFetcher fetcher, String url, BodyBuffer body)
            throws IOException, InterruptedException {
        body.start(1 << 20);
        HttpAnswer answer = fetcher.fetch(new HttpCall(URI.create(url), Map.of(), Duration.ofSeconds(10)), body);
        return answer.status() + " " + new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
    }

    @Test
    void speaksHttp2WhereTheTargetDoes() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "h2", "ip:127.0.0.1");
        Vertx vertx = Vertx.vertx();
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.certificatePem()))
                        .addKeyValue(Buffer.buffer(certificate.keyPem())));
        try (HttpFetchers client = new HttpFetchers(Ticker.system(), WallClock.system(), Map.of())) {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(request -> {
                        switch (request.path()) {
                            case "/from" ->
                                request.response()
                                        .setStatusCode(302)
                                        .putHeader("Location", "/to")
                                        .end();
                            case "/large" -> request.response().end("x".repeat(2 << 20));
                            case "/silent" -> {}
                            default ->
                                request.response().end(request.version() + " " + request.getHeader("Authorization"));
                        }
                    })
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            String url = "https://127.0.0.1:" + server.actualPort();
            BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));
            HttpFetcher http2 = client.configured(config(certificate, true));
            assertThat(fetch(http2, url + "/a", body)).isEqualTo("200 HTTP_2 Bearer t");
            assertThat(fetch(http2, url + "/from", body)).isEqualTo("200 HTTP_2 Bearer t");
            assertThatThrownBy(() -> fetch(http2, url + "/large", body)).isInstanceOf(BodyTooLargeException.class);
            assertThatThrownBy(() -> http2.fetch(
                            new HttpCall(URI.create(url + "/silent"), Map.of(), Duration.ofMillis(300)), body))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("context deadline exceeded");
            HttpFetcher http1 = client.configured(config(certificate, false));
            assertThat(fetch(http1, url + "/a", body)).isEqualTo("200 HTTP_1_1 Bearer t");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
