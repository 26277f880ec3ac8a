// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ClientAuthType;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Secret;
import dev.narthex.config.ServerTlsConfig;
import dev.narthex.config.TlsVersion;
import dev.narthex.config.WebConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WebConfigTest {
    private static final String HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    private final ConfigLoader loader = new ConfigLoader(_ -> "");

    private WebConfig read(String yaml) throws ConfigException {
        return loader.web(yaml, "web.yml", Path.of("/etc/p"));
    }

    @Test
    void emptyFileServesPlainHttpToEverybody() throws Exception {
        assertThat(read("")).isEqualTo(WebConfig.DEFAULT);
        assertThat(read("tls_server_config:\nhttp_server_config:\nbasic_auth_users:\nrate_limit:\n"))
                .isEqualTo(WebConfig.DEFAULT);
    }

    @Test
    void aUserWhoseNameIsNullIsTheOneWithoutAName() throws Exception {
        assertThat(read("basic_auth_users: {null: '" + HASH + "'}").basicAuthUsers())
                .containsExactly(Map.entry("", new Secret(HASH)));
        assertThatThrownBy(() -> read("http_server_config: {headers: {null: x}}"))
                .hasMessageContaining("web.yml:1:32: http_server_config.headers: found null as a name");
    }

    @Test
    void everyField() throws Exception {
        WebConfig config = read("""
                tls_server_config:
                  cert_file: cert.pem
                  key_file: /k/key.pem
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: sub/ca.pem
                  client_allowed_sans: [a.example, b.example]
                  min_version: TLS13
                  max_version: TLS13
                  cipher_suites: [TLS_AES_128_GCM_SHA256]
                  prefer_server_cipher_suites: false
                  curve_preferences: [X25519, CurveP256]
                http_server_config:
                  http2: false
                  headers: {X-Frame-Options: deny, Content-Security-Policy: default-src 'self'}
                basic_auth_users:
                  alice: 'HASH'
                rate_limit: {interval: 1.5s, burst: 20}
                """.replace("HASH", HASH));
        assertThat(config.tls())
                .isEqualTo(new ServerTlsConfig(
                        "",
                        "/etc/p/cert.pem",
                        Secret.NONE,
                        "/k/key.pem",
                        ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT,
                        "",
                        "/etc/p/sub/ca.pem",
                        List.of("a.example", "b.example"),
                        TlsVersion.TLS13,
                        TlsVersion.TLS13,
                        List.of("TLS_AES_128_GCM_SHA256"),
                        false,
                        List.of("X25519", "CurveP256")));
        assertThat(config.http2()).isFalse();
        assertThat(config.headers())
                .containsEntry("X-Frame-Options", "deny")
                .containsEntry("Content-Security-Policy", "default-src 'self'");
        assertThat(config.basicAuthUsers()).containsEntry("alice", new Secret(HASH));
        assertThat(config.rateLimit()).isEqualTo(new WebConfig.RateLimit(Duration.ofMillis(1500), 20));
        assertThat(config.toString()).doesNotContain(HASH);
    }

    @Test
    void defaultsOfTls() throws Exception {
        ServerTlsConfig tls = Objects.requireNonNull(
                read("tls_server_config: {cert: C, key: hush}").tls());
        assertThat(tls.minVersion()).isEqualTo(TlsVersion.TLS12);
        assertThat(tls.maxVersion()).isEqualTo(TlsVersion.TLS13);
        assertThat(tls.clientAuthType()).isEqualTo(ClientAuthType.NO_CLIENT_CERT);
        assertThat(tls.preferServerCipherSuites()).isTrue();
        assertThat(tls.toString()).doesNotContain("hush");
        assertThat(read("http_server_config: {}").http2()).isTrue();
    }

    @Test
    void tlsStaysOffWhereNoCertificateIsAskedFor() throws Exception {
        assertThat(read("tls_server_config: {min_version: TLS13, cert_file: ''}")
                        .tls())
                .isNull();
    }

    @Test
    void allProblemsAtOnceWithTheirPlaces() {
        assertThatThrownBy(() -> read("""
                        tls_server_config:
                          cert_file: cert.pem
                          client_ca_file: ca.pem
                          cipher_suites: [TLS_RSA_WITH_3DES_EDE_CBC_SHA]
                          curve_preferences: [P256]
                          max_version: tls13
                          cert_fil: x
                        http_server_config:
                          http2: maybe
                          headers: {X-Frame-Options: DENY, Server: x}
                        basic_auth_users:
                          alice: hunter2
                          bob: [a]
                        rate_limit: {interval: 1d, burst: x}
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("web.yml:2:3: tls_server_config.key_file: is missing")
                .hasMessageContaining("web.yml:3:19: tls_server_config.client_ca_file: has no effect without")
                .hasMessageContaining("web.yml:4:19: tls_server_config.cipher_suites: found \"TLS_RSA_WITH_3DES")
                .hasMessageContaining("web.yml:5:23: tls_server_config.curve_preferences: found \"P256\"")
                .hasMessageContaining("web.yml:6:16: tls_server_config.max_version: found \"tls13\"; one of TLS10")
                .hasMessageContaining("web.yml:7:3: tls_server_config.cert_fil: unknown field; did you mean cert_file?")
                .hasMessageContaining("web.yml:9:10: http_server_config.http2: found \"maybe\"")
                .hasMessageContaining("headers: X-Frame-Options: found \"DENY\"; deny or sameorigin is expected")
                .hasMessageContaining("headers: \"Server\" cannot be set")
                .hasMessageContaining("web.yml:12:10: basic_auth_users.alice: is too short for a bcrypt hash")
                .hasMessageContaining("web.yml:13:8: basic_auth_users.bob: found a list")
                .hasMessageContaining("web.yml:14:24: rate_limit.interval: found \"1d\"")
                .hasMessageContaining("rate_limit.burst: found \"x\"")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void hashesThatAreNone() {
        for (String hash : List.of(
                "x" + HASH.substring(1),
                HASH.replace("$2y", "$3y"),
                HASH.replace("$10$", "$40$"),
                HASH.replace("$10$", "$03$"),
                HASH.replace("$10$", "$1x$"))) {
            assertThatThrownBy(() -> read("basic_auth_users: {a: '" + hash + "'}"))
                    .as(hash)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageNotContaining(HASH.substring(20));
        }
    }
}
