// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.OAuth2Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signed tokens by which a client asks for a token (RFC 7519, RFC 7523), signed with RSA. */
final class Jwt {
    private static final long LIFETIME_SECONDS = 3600;

    private Jwt() {}

    /**
     * A token as the configuration says.
     *
     * @param key the private key in PEM
     * @param nowSeconds since the epoch
     */
    static String signed(OAuth2Config config, String key, long nowSeconds) throws IOException {
        String algorithm = config.signatureAlgorithm().isEmpty() ? "RS256" : config.signatureAlgorithm();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("typ", "JWT");
        if (!config.clientCertificateKeyId().isEmpty()) {
            header.put("kid", config.clientCertificateKeyId());
        }
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", config.iss().isEmpty() ? config.clientId() : config.iss());
        claims.put("sub", config.clientId());
        claims.put("aud", config.audience().isEmpty() ? config.tokenUrl() : config.audience());
        if (!config.scopes().isEmpty()) {
            claims.put("scope", String.join(" ", config.scopes()));
        }
        claims.put("iat", nowSeconds);
        claims.put("exp", nowSeconds + LIFETIME_SECONDS);
        claims.putAll(config.claims());
        String text = Pem.base64Url(json(header)) + "." + Pem.base64Url(json(claims));
        try {
            Signature signature = Signature.getInstance("SHA" + algorithm.substring(2) + "withRSA");
            signature.initSign(Pem.privateKey(key, "oauth2.client_certificate_key"));
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + Pem.base64Url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("oauth2: cannot sign the request for a token: " + e.getMessage(), e);
        }
    }

    private static String json(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                char separator = '{';
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    quote(out.append(separator), String.valueOf(entry.getKey()));
                    append(out.append(':'), entry.getValue());
                    separator = ',';
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> items -> {
                char separator = '[';
                for (Object item : items) {
                    append(out.append(separator), item);
                    separator = ',';
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
