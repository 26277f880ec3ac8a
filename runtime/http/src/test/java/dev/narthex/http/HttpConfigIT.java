// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.BasicAuthConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.HttpHeaderConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.TlsVersion;
import dev.narthex.model.time.Ticker;
import dev.narthex.testkit.http.LoopbackHandler;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.http.TestCertificate;
import dev.narthex.testkit.time.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of {@code http_config}, on real connections. */
class HttpConfigIT {
    private static final HttpClientConfig DEFAULT = HttpClientConfig.DEFAULT;

    @TempDir
    private static Path certificates;

    private static TestCertificate server;
    private static TestCertificate other;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final HttpFetchers client = new HttpFetchers(Ticker.system(), clock, Map.of());
    private final BodyBuffer body = new BodyBuffer(new BufferPool(1 << 20));
    private final List<LoopbackRequest> requests = new CopyOnWriteArrayList<>();
    private final LoopbackHandler echo = (request, out) -> {
        requests.add(request);
        LoopbackServer.respond(out, "text/plain", request.target().getBytes(StandardCharsets.US_ASCII));
    };

    @BeforeAll
    static void makeCertificates() throws IOException {
        server = TestCertificate.make(certificates, "server", "dns:localhost,dns:target.example,ip:127.0.0.1");
        other = TestCertificate.make(certificates, "other", "dns:other.example");
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static HttpClientConfig with(TlsConfig tls) {
        return new HttpClientConfig(null, null, null, tls, ProxyConfig.NONE, true, true, Map.of());
    }

    private static HttpClientConfig with(@Nullable BasicAuthConfig basic, @Nullable AuthorizationConfig authorization) {
        return new HttpClientConfig(basic, authorization, null, null, ProxyConfig.NONE, true, true, Map.of());
    }

    private static TlsConfig trusting(TestCertificate certificate) {
        return new TlsConfig(certificate.certificatePem(), "", "", "", Secret.NONE, "", "", false, null, null);
    }

    private HttpAnswer fetch(HttpFetcher fetcher, String url) throws IOException, InterruptedException {
        body.start(1 << 20);
        return fetcher.fetch(new HttpCall(URI.create(url), Map.of("X-Call", "1"), Duration.ofSeconds(20)), body);
    }

    private HttpAnswer fetch(HttpClientConfig config, String url) throws IOException, InterruptedException {
        return fetch(client.configured(config), url);
    }

    @Test
    void believesWhomTheAuthorityVouchesFor() throws IOException, InterruptedException {
        try (LoopbackServer target = LoopbackServer.startTls(server.context(), false, echo)) {
            HttpFetcher trusting = client.configured(with(trusting(server)));
            for (int i = 0; i < 3; i++) {
                assertThat(fetch(trusting, "https://" + target.address() + "/a").status())
                        .isEqualTo(200);
            }
            assertThat(client.openConnections()).as("kept").isEqualTo(1);
            assertThatThrownBy(() -> fetch(with(trusting(other)), "https://" + target.address() + "/a"))
                    .hasMessage("tls: failed to verify certificate: x509: certificate signed by unknown authority");
            assertThatThrownBy(() -> fetch(DEFAULT, "https://" + target.address() + "/a"))
                    .hasMessage("tls: failed to verify certificate: x509: certificate signed by unknown authority");
            assertThatThrownBy(() -> fetch(DEFAULT, "http://" + target.address() + "/a"))
                    .isInstanceOf(IOException.class);
        }
        try (TunnelProxy plain = new TunnelProxy("HTTP/1.0 400 Bad Request\r\n\r\n", true)) {
            assertThatThrownBy(() -> fetch(DEFAULT, "https://" + plain.address() + "/a"))
                    .hasMessage("tls: first record does not look like a TLS handshake");
        }
    }

    @Test
    void checksTheNameOfTheServer() throws IOException, InterruptedException {
        try (LoopbackServer target = LoopbackServer.startTls(other.context(), false, echo)) {
            TlsConfig byHost = trusting(other);
            assertThatThrownBy(() -> fetch(with(byHost), "https://" + target.address() + "/"))
                    .hasMessageContaining("failed to verify certificate: x509: certificate is not valid for the host");
            TlsConfig byName = new TlsConfig(
                    other.certificatePem(), "", "", "", Secret.NONE, "", "other.example", false, null, null);
            assertThat(fetch(with(byName), "https://" + target.address() + "/").status())
                    .isEqualTo(200);
            TlsConfig unchecked = new TlsConfig("", "", "", "", Secret.NONE, "", "", true, null, null);
            assertThat(fetch(with(unchecked), "https://" + target.address() + "/")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void showsItsCertificateWhereItIsAskedFor() throws IOException, InterruptedException {
        try (LoopbackServer target = LoopbackServer.startTls(server.context(other), true, echo)) {
            TlsConfig with = new TlsConfig(
                    server.certificatePem(),
                    "",
                    other.certificatePem(),
                    "",
                    new Secret(other.keyPem()),
                    "",
                    "",
                    false,
                    null,
                    null);
            assertThat(fetch(with(with), "https://" + target.address() + "/").status())
                    .isEqualTo(200);
            assertThatThrownBy(() -> fetch(with(trusting(server)), "https://" + target.address() + "/"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void readsCertificatesAgainWhenTheirFilesChange() throws IOException, InterruptedException {
        Path ca = Files.writeString(directory.resolve("ca.pem"), other.certificatePem());
        Path certificate = Files.writeString(directory.resolve("cert.pem"), server.certificatePem());
        Path key = Files.writeString(directory.resolve("key.pem"), server.keyPem());
        TlsConfig files = new TlsConfig(
                "", ca.toString(), "", certificate.toString(), Secret.NONE, key.toString(), "", false, null, null);
        HttpFetcher fetcher = client.configured(with(files));
        try (LoopbackServer target = LoopbackServer.startTls(server.context(other), true, echo)) {
            assertThatThrownBy(() -> fetch(fetcher, "https://" + target.address() + "/"))
                    .hasMessageContaining("unknown authority");
            Files.writeString(ca, "\n" + server.certificatePem());
            assertThatThrownBy(() -> fetch(fetcher, "https://" + target.address() + "/"))
                    .as("the server does not know the client yet")
                    .isInstanceOf(IOException.class);
            Files.writeString(certificate, "\n" + other.certificatePem());
            Files.writeString(key, "\n" + other.keyPem());
            assertThat(fetch(fetcher, "https://" + target.address() + "/").status())
                    .isEqualTo(200);
            Files.delete(ca);
            assertThatThrownBy(() -> fetch(fetcher, "https://" + target.address() + "/"))
                    .hasMessage("tls_config: unable to read " + ca + ": no such file, or no right to");
            Files.writeString(ca, "no certificate");
            assertThatThrownBy(() -> fetch(fetcher, "https://" + target.address() + "/"))
                    .hasMessage("tls_config.ca_file " + ca + ": holds no certificate; it takes PEM");
        }
    }

    @Test
    void speaksOnlyTheVersionsOfTlsThatItMay() throws IOException, InterruptedException {
        try (LoopbackServer old = LoopbackServer.startTls(server.context(), false, echo, "TLSv1.2");
                LoopbackServer newer = LoopbackServer.startTls(server.context(), false, echo, "TLSv1.3")) {
            String pem = server.certificatePem();
            TlsConfig min = new TlsConfig(pem, "", "", "", Secret.NONE, "", "", false, TlsVersion.TLS13, null);
            TlsConfig max = new TlsConfig(pem, "", "", "", Secret.NONE, "", "", false, null, TlsVersion.TLS12);
            assertThat(fetch(with(min), "https://" + newer.address() + "/").status())
                    .isEqualTo(200);
            assertThat(fetch(with(max), "https://" + old.address() + "/").status())
                    .isEqualTo(200);
            String refused = "remote error: tls: protocol version not supported";
            assertThatThrownBy(() -> fetch(with(min), "https://" + old.address() + "/"))
                    .hasMessage(refused);
            assertThatThrownBy(() -> fetch(with(max), "https://" + newer.address() + "/"))
                    .hasMessage(refused);
        }
    }

    @Test
    void saysWhoItIs() throws IOException, InterruptedException {
        Path user = Files.writeString(directory.resolve("user"), "from-file\n");
        Path password = Files.writeString(directory.resolve("password"), "first\n");
        try (LoopbackServer target = LoopbackServer.start(echo)) {
            String url = "http://" + target.address() + "/";
            fetch(with(new BasicAuthConfig("me", "", new Secret("pä:ss"), ""), null), url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Basic bWU6cMOkOnNz");
            HttpFetcher files = client.configured(
                    with(new BasicAuthConfig("", user.toString(), Secret.NONE, password.toString()), null));
            fetch(files, url);
            assertThat(requests.getLast().header("authorization")).isEqualTo(Credentials.basic("from-file", "first"));
            Files.writeString(password, "second");
            fetch(files, url);
            assertThat(requests.getLast().header("authorization")).isEqualTo(Credentials.basic("from-file", "second"));
            fetch(with(null, new AuthorizationConfig("Bearer", new Secret("token"), "")), url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer token");
            fetch(with(null, new AuthorizationConfig("Token", Secret.NONE, password.toString())), url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Token second");
            Files.delete(password);
            assertThatThrownBy(() -> fetch(files, url))
                    .hasMessage("unable to read basic auth password: unable to read file " + password + ": open "
                            + password + ": no such file or directory");
            Path value = Files.writeString(directory.resolve("header"), "of a file\r\n");
            HttpHeaderConfig injecting = new HttpHeaderConfig(List.of("v1\r\nX-Evil: yes"), List.of(), List.of());
            assertThatThrownBy(() -> fetch(
                            new HttpClientConfig(
                                    null, null, null, null, ProxyConfig.NONE, true, true, Map.of("X-A", injecting)),
                            url))
                    .hasMessage("net/http: invalid header field value for \"X-A\"");
            HttpHeaderConfig header = new HttpHeaderConfig(List.of("v1"), List.of(), List.of(value.toString()));
            HttpHeaderConfig secret = new HttpHeaderConfig(List.of(), List.of(new Secret("hidden")), List.of());
            fetch(
                    new HttpClientConfig(
                            null, null, null, null, ProxyConfig.NONE, true, true, Map.of("X-A", header, "X-B", secret)),
                    url);
            assertThat(requests.getLast().header("x-a")).isEqualTo("of a file");
            assertThat(requests.getLast().header("x-b")).isEqualTo("hidden");
        }
    }

    private static HttpClientConfig withTokensOf(String url, String secretFile) {
        return withTokensOf(url, secretFile, null, ProxyConfig.NONE);
    }

    private static HttpClientConfig withTokensOf(
            String url, String secretFile, @Nullable TlsConfig tls, ProxyConfig proxy) {
        OAuth2Config oauth2 = new OAuth2Config(
                "id",
                secretFile.isEmpty() ? new Secret("secret") : Secret.NONE,
                secretFile,
                "",
                Secret.NONE,
                "",
                "",
                "",
                "",
                "",
                Map.of(),
                List.of("a", "b"),
                url,
                Map.of("audience", "me & you"),
                tls,
                proxy);
        return new HttpClientConfig(null, null, oauth2, null, ProxyConfig.NONE, true, true, Map.of());
    }

    @Test
    void fetchesTokensAndKeepsThemWhileTheyHold() throws IOException, InterruptedException {
        List<LoopbackRequest> asked = new CopyOnWriteArrayList<>();
        LoopbackHandler tokens = (request, out) -> {
            asked.add(request);
            String token = "{\"access_token\":\"t" + asked.size() + "\",\"token_type\":\"bearer\",\"expires_in\":60}";
            LoopbackServer.respond(out, "application/json", token.getBytes(StandardCharsets.US_ASCII));
        };
        Path secret = Files.writeString(directory.resolve("secret"), "one");
        try (LoopbackServer tokenServer = LoopbackServer.start(tokens);
                LoopbackServer target = LoopbackServer.start(echo)) {
            HttpFetcher fetcher =
                    client.configured(withTokensOf("http://" + tokenServer.address() + "/token", secret.toString()));
            String url = "http://" + target.address() + "/";
            fetch(fetcher, url);
            fetch(fetcher, url);
            assertThat(requests)
                    .allSatisfy(request ->
                            assertThat(request.header("authorization")).isEqualTo("Bearer t1"));
            assertThat(asked).hasSize(1);
            assertThat(asked.getFirst().method()).isEqualTo("POST");
            assertThat(asked.getFirst().header("authorization")).isEqualTo(Credentials.basic("id", "one"));
            assertThat(asked.getFirst().bodyText())
                    .isEqualTo("audience=me+%26+you&grant_type=client_credentials&scope=a+b");
            clock.advance(Duration.ofSeconds(51));
            fetch(fetcher, url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer t2");
            Files.writeString(secret, "two");
            fetch(fetcher, url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer t3");
            assertThat(asked.getLast().header("authorization")).isEqualTo(Credentials.basic("id", "two"));
        }
    }

    @Test
    void sendsTheSecretInTheBodyWhereTheTokenServerWantsItThere() throws IOException, InterruptedException {
        LoopbackHandler tokens = (request, out) -> {
            boolean inBody = request.bodyText().contains("client_id=id&client_secret=secret&grant_type=");
            String answer = inBody ? "{\"access_token\":\"good\"}" : "{\"error\":\"invalid_client\"}";
            LoopbackServer.respond(
                    out,
                    inBody ? 200 : 401,
                    Map.of("Content-Type", "application/json"),
                    answer.getBytes(StandardCharsets.US_ASCII));
        };
        LoopbackHandler refusing =
                (_, out) -> LoopbackServer.respond(out, 403, Map.of(), "not you".getBytes(StandardCharsets.US_ASCII));
        try (LoopbackServer tokenServer = LoopbackServer.start(tokens);
                LoopbackServer noTokens = LoopbackServer.start(refusing);
                LoopbackServer target = LoopbackServer.start(echo)) {
            String url = "http://" + target.address() + "/";
            fetch(withTokensOf("http://" + tokenServer.address() + "/token", ""), url);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer good");
            assertThatThrownBy(() -> fetch(withTokensOf("http://" + noTokens.address() + "/token", ""), url))
                    .hasMessage("oauth2: cannot fetch token: 403 -\nResponse: not you");
        }
    }

    /** Tokens come by another way than what is asked with them: another authority, a certificate, a proxy. */
    @Test
    void fetchesTokensByTlsAndThroughAProxyOfTheirOwn() throws IOException, InterruptedException {
        LoopbackHandler tokens = (request, out) -> {
            requests.add(request);
            LoopbackServer.respond(
                    out, "application/json", "{\"access_token\":\"own way\"}".getBytes(StandardCharsets.US_ASCII));
        };
        try (LoopbackServer tokenServer = LoopbackServer.startTls(server.context(other), true, tokens);
                TunnelProxy proxy = new TunnelProxy("HTTP/1.1 200 Connected\r\n\r\n");
                LoopbackServer target = LoopbackServer.start(echo)) {
            String url = "http://" + target.address() + "/";
            String tokenUrl = "https://" + tokenServer.address() + "/token";
            TlsConfig showing = new TlsConfig(
                    server.certificatePem(),
                    "",
                    other.certificatePem(),
                    "",
                    new Secret(other.keyPem()),
                    "",
                    "",
                    false,
                    null,
                    null);
            ProxyConfig between = new ProxyConfig(new Secret("http://" + proxy.address()), "", false, Map.of());
            assertThat(fetch(withTokensOf(tokenUrl, "", showing, between), url).status())
                    .isEqualTo(200);
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer own way");
            assertThat(requests).hasSize(2);
            assertThat(proxy.heads())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT " + tokenServer.address() + " HTTP/1.1\r\n");
            // Without what it takes, the token is not there, and the target is not asked.
            assertThatThrownBy(() -> fetch(withTokensOf(tokenUrl, "", trusting(other), ProxyConfig.NONE), url))
                    .hasMessageStartingWith("Post \"" + tokenUrl + "\": tls: failed to verify certificate");
            String withPassword = tokenUrl.replace("https://", "https://u:hush@");
            assertThatThrownBy(() -> fetch(withTokensOf(withPassword, "", trusting(other), ProxyConfig.NONE), url))
                    .hasMessageStartingWith(
                            "Post \"" + tokenUrl.replace("https://", "https://u:***@") + "\": tls: failed");
            assertThat(requests).hasSize(2);
        }
    }

    private static HttpClientConfig through(ProxyConfig proxy, @Nullable TlsConfig tls) {
        return new HttpClientConfig(null, null, null, tls, proxy, true, true, Map.of());
    }

    @Test
    void asksThroughAProxy() throws IOException, InterruptedException {
        try (LoopbackServer proxy = LoopbackServer.start(echo)) {
            ProxyConfig config =
                    new ProxyConfig(new Secret("http://user:p%40ss@" + proxy.address()), "", false, Map.of());
            fetch(through(config, null), "http://target.example:81/a?b=c");
            LoopbackRequest request = requests.getLast();
            assertThat(request.target()).isEqualTo("http://target.example:81/a?b=c");
            assertThat(request.header("host")).isEqualTo("target.example:81");
            assertThat(request.header("proxy-authorization")).isEqualTo(Credentials.basic("user", "p@ss"));
        }
    }

    @Test
    void asksThroughAProxyByTlsAndBySocks() throws IOException, InterruptedException {
        try (LoopbackServer proxy = LoopbackServer.startTls(server.context(), false, echo);
                LoopbackServer target = LoopbackServer.start(echo);
                SocksProxy socks =
                        new SocksProxy(URI.create("http://" + target.address()).getPort())) {
            ProxyConfig byTls = new ProxyConfig(new Secret("https://" + proxy.address()), "", false, Map.of());
            fetch(through(byTls, trusting(server)), "http://target.example/a");
            assertThat(requests.getLast().target()).isEqualTo("http://target.example/a");
            ProxyConfig bySocks = new ProxyConfig(new Secret("socks5://" + socks.address()), "", false, Map.of());
            fetch(through(bySocks, null), "http://target.example:81/b");
            assertThat(requests.getLast().target()).isEqualTo("/b");
            assertThat(socks.asked()).containsExactly("target.example:81");
        }
    }

    @Test
    void opensATunnelThroughAProxyForTls() throws IOException, InterruptedException {
        try (LoopbackServer target = LoopbackServer.startTls(server.context(), false, echo);
                TunnelProxy proxy = new TunnelProxy("HTTP/1.1 200 Connected\r\n\r\n");
                TunnelProxy refusing = new TunnelProxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) {
            ProxyConfig config = new ProxyConfig(
                    new Secret("http://me:pw@" + proxy.address()),
                    "",
                    false,
                    Map.of("X-Tunnel", List.of(new Secret("one"), new Secret("two"))));
            HttpFetcher fetcher = client.configured(through(config, trusting(server)));
            String url = "https://" + target.address() + "/through";
            assertThat(fetch(fetcher, url).status()).isEqualTo(200);
            assertThat(fetch(fetcher, url).status()).isEqualTo(200);
            assertThat(requests).hasSize(2);
            assertThat(proxy.heads()).hasSize(1);
            assertThat(proxy.heads().getFirst())
                    .startsWith("CONNECT " + target.address() + " HTTP/1.1\r\n")
                    .contains("X-Tunnel: one\r\nX-Tunnel: two\r\n")
                    .contains("Proxy-Authorization: " + Credentials.basic("me", "pw") + "\r\n");
            ProxyConfig no = new ProxyConfig(new Secret("http://" + refusing.address()), "", false, Map.of());
            assertThatThrownBy(() -> fetch(through(no, trusting(server)), url))
                    .hasMessage("proxy refused to connect: HTTP status 407 Proxy Authentication Required");
        }
    }

    @Test
    void tellsNoOtherHostWhoItIsWhenItIsSentThere() throws IOException, InterruptedException {
        LoopbackHandler sending = (request, out) -> {
            requests.add(request);
            String port = request.header("host").split(":", -1)[1];
            String to = request.target().equals("/same") ? "/there" : "http://localhost:" + port + "/there";
            if (request.target().equals("/there")) {
                LoopbackServer.respond(out, "text/plain", new byte[0]);
            } else {
                LoopbackServer.respond(out, 302, Map.of("Location", to), new byte[0]);
            }
        };
        HttpClientConfig config = with(null, new AuthorizationConfig("Bearer", new Secret("token"), ""));
        try (LoopbackServer target = LoopbackServer.start(sending)) {
            fetch(config, "http://" + target.address() + "/same");
            assertThat(requests.getLast().header("authorization")).isEqualTo("Bearer token");
            fetch(config, "http://" + target.address() + "/other");
            assertThat(requests.getLast().target()).isEqualTo("/there");
            assertThat(requests.getLast().header("authorization")).isEmpty();
            assertThat(requests.getLast().header("x-call")).isEqualTo("1");
        }
    }

    @Test
    void followsRedirectsOnlyWhereItMayAndNotForEver() throws IOException, InterruptedException {
        LoopbackHandler loop = (request, out) -> {
            requests.add(request);
            LoopbackServer.respond(out, 301, Map.of("Location", "/again"), new byte[0]);
        };
        try (LoopbackServer target = LoopbackServer.start(loop)) {
            String url = "http://" + target.address() + "/";
            assertThatThrownBy(() -> fetch(DEFAULT, url)).hasMessage("stopped after 10 redirects");
            assertThat(requests).hasSize(10);
            HttpClientConfig staying =
                    new HttpClientConfig(null, null, null, null, ProxyConfig.NONE, false, true, Map.of());
            assertThat(fetch(staying, url).status()).isEqualTo(301);
            assertThat(requests).hasSize(11);
        }
    }

    @Test
    void readsKeysInTheirOlderForms() throws IOException, InterruptedException {
        assertThat(Pem.privateKey(sec1(), "key").getAlgorithm()).isEqualTo("EC");
        assertThatThrownBy(() -> Pem.privateKey("-----BEGIN ENCRYPTED PRIVATE KEY-----", "key"))
                .hasMessageContaining("holds no private key that can be read");
    }

    /** A key of the curve P-256 as {@code openssl ecparam -genkey} writes it, made for this test alone. */
    private static String sec1() {
        return """
                -----BEGIN EC PARAMETERS-----
                BggqhkjOPQMBBw==
                -----END EC PARAMETERS-----
                -----BEGIN EC PRIVATE KEY-----
                MHcCAQEEIHvFkUS9CsOUadRPpFZiqcW1YDDuWCSiugVgpWDpgzO+oAoGCCqGSM49
                AwEHoUQDQgAE3rnm05rRLUAX0zHIHIZb1XAHGdsV+eQ0eE5qcLy8vA9XNP9tLV2v
                3CzEMDP/c7Q3HIrjTXgxfdUYDQ9ntmMxkA==
                -----END EC PRIVATE KEY-----
                """;
    }
}
