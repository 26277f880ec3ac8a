// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.OAuth2Config;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JwtTest {
    private static OAuth2Config config(String algorithm) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("admin", true);
        claims.put("roles", List.of("a", "b\"\n"));
        return new OAuth2Config(
                "id",
                Secret.NONE,
                "",
                "key-1",
                Secret.NONE,
                "",
                OAuth2TokenSource.JWT_BEARER,
                algorithm,
                "issuer",
                "",
                claims,
                List.of("x", "y"),
                "https://tokens.example/token",
                Map.of(),
                null,
                ProxyConfig.NONE);
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    @Test
    void signsWhatTheConfigurationSays() throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        String token = Jwt.signed(config("RS384"), pem, 1_700_000_000);
        String[] parts = token.split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(decoded(parts[0])).isEqualTo("{\"alg\":\"RS384\",\"typ\":\"JWT\",\"kid\":\"key-1\"}");
        assertThat(decoded(parts[1]))
                .isEqualTo("{\"iss\":\"issuer\",\"sub\":\"id\",\"aud\":\"https://tokens.example/token\","
                        + "\"scope\":\"x y\",\"iat\":1700000000,\"exp\":1700003600,\"admin\":true,"
                        + "\"roles\":[\"a\",\"b\\\"\\u000a\"]}");
        Signature signature = Signature.getInstance("SHA384withRSA");
        signature.initVerify(pair.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThatThrownBy(() -> Jwt.signed(config("RS256"), "no key", 0)).isInstanceOf(IOException.class);
    }
}
