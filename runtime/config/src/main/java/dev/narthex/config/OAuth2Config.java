// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code oauth2}: a token is fetched from a server and sent as bearer token (RFC 6749 section 4.4, RFC 7523).
 *
 * @param grantType empty for {@code client_credentials}
 * @param clientCertificateKeyId,clientCertificateKey,clientCertificateKeyFile,signatureAlgorithm,iss,audience,claims
 *     of the JWT that {@code urn:ietf:params:oauth:grant-type:jwt-bearer} signs; empty elsewhere
 * @param endpointParams further parameters of the request for a token
 * @param tls of the connection to the token server, null where nothing is said
 */
public record OAuth2Config(
        String clientId,
        Secret clientSecret,
        String clientSecretFile,
        String clientCertificateKeyId,
        Secret clientCertificateKey,
        String clientCertificateKeyFile,
        String grantType,
        String signatureAlgorithm,
        String iss,
        String audience,
        Map<String, Object> claims,
        List<String> scopes,
        String tokenUrl,
        Map<String, String> endpointParams,
        @Nullable TlsConfig tls,
        ProxyConfig proxy) {
    public OAuth2Config {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        scopes = List.copyOf(scopes);
        endpointParams = Collections.unmodifiableMap(new LinkedHashMap<>(endpointParams));
    }

    /** What tells one from another, without secrets. */
    @Override
    public String toString() {
        return "OAuth2Config[clientId=" + clientId + ", grantType=" + grantType + ", tokenUrl="
                + UrlPassword.hidden(tokenUrl) + "]";
    }
}
