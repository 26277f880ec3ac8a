// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.ConfigException;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches tokens of an OAuth 2.0 server and keeps each until shortly before it expires (RFC 6749, sections 4.4 and 5.1;
 * RFC 7523 for {@code jwt-bearer}). One request at a time; others wait for its token. Safe for use by many threads.
 */
final class OAuth2TokenSource {
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final long EARLY_MS = 10_000;
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private final OAuth2Config config;
    private final HttpFetcher fetcher;
    private final InstantSource clock;
    private final BodyBuffer body;

    private String authorization = "";
    private String secretOfToken = "";
    private long expiresMs;
    private boolean secretInBody;

    private OAuth2TokenSource(OAuth2Config config, HttpFetcher fetcher, InstantSource clock, BodyBuffer body) {
        this.config = config;
        this.fetcher = fetcher;
        this.clock = clock;
        this.body = body;
    }

    static OAuth2TokenSource of(OAuth2Config config, HttpFetchers fetchers) {
        HttpClientConfig http =
                new HttpClientConfig(null, null, null, config.tls(), config.proxy(), true, true, Map.of());
        return new OAuth2TokenSource(
                config, fetchers.configured(http), fetchers.clock(), new BodyBuffer(fetchers.buffers()));
    }

    /** The value of {@code Authorization}: type and token. */
    synchronized String authorization(Deadline deadline) throws IOException, InterruptedException {
        String secret = config.grantType().equals(JWT_BEARER)
                ? Credentials.chosen(
                        config.clientCertificateKey().value(),
                        config.clientCertificateKeyFile(),
                        "oauth2.client_certificate_key_file")
                : Credentials.chosen(
                        config.clientSecret().value(), config.clientSecretFile(), "oauth2.client_secret_file");
        if (authorization.isEmpty() || !secret.equals(secretOfToken) || clock.millis() >= expiresMs) {
            fetch(secret, deadline);
            secretOfToken = secret;
        }
        return authorization;
    }

    private void fetch(String secret, Deadline deadline) throws IOException, InterruptedException {
        if (config.grantType().equals(JWT_BEARER)) {
            String assertion = Jwt.signed(config, secret, clock.instant().getEpochSecond());
            take(ask(form(Map.of("grant_type", JWT_BEARER, "assertion", assertion)), "", deadline));
            return;
        }
        // A server takes the secret in the header or in the body; what it takes is only known when it has been tried.
        Answer answer = ask(secret, secretInBody, deadline);
        if (answer.status / 100 != 2) {
            Answer second = ask(secret, !secretInBody, deadline);
            if (second.status / 100 == 2) {
                secretInBody = !secretInBody;
                answer = second;
            }
        }
        take(answer);
    }

    private Answer ask(String secret, boolean inBody, Deadline deadline) throws IOException, InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "client_credentials");
        if (!config.scopes().isEmpty()) {
            parameters.put("scope", String.join(" ", config.scopes()));
        }
        parameters.putAll(config.endpointParams());
        if (inBody) {
            parameters.put("client_id", config.clientId());
            if (!secret.isEmpty()) {
                parameters.put("client_secret", secret);
            }
        }
        String header = inBody ? "" : Credentials.basic(encoded(config.clientId()), encoded(secret));
        return ask(form(parameters), header, deadline);
    }

    private record Answer(int status, String contentType, String text) {}

    private Answer ask(String form, String header, Deadline deadline) throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("Accept", "application/json");
        if (!header.isEmpty()) {
            headers.put("Authorization", header);
        }
        body.start(MAX_ANSWER_BYTES);
        try {
            HttpAnswer answer = fetcher.fetch(
                    new HttpCall("POST", URI.create(config.tokenUrl()), headers, form, deadline.remaining()), body);
            String text = new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
            return new Answer(answer.status(), answer.contentType(), text);
        } catch (IOException e) {
            throw new IOException("oauth2: cannot fetch token: " + e.getMessage(), e);
        } finally {
            body.release();
        }
    }

    private void take(Answer answer) throws IOException {
        if (answer.status / 100 != 2) {
            String text = answer.text.length() > 200 ? answer.text.substring(0, 200) : answer.text;
            throw new IOException("oauth2: cannot fetch token: HTTP status " + answer.status + ": " + text.strip());
        }
        Map<String, String> values = values(answer);
        String token = values.getOrDefault("access_token", "");
        if (token.isEmpty()) {
            throw new IOException("oauth2: server response missing access_token");
        }
        String type = values.getOrDefault("token_type", "");
        authorization = (type.isEmpty() || type.equalsIgnoreCase("bearer") ? "Bearer" : type) + " " + token;
        expiresMs = expiry(values.getOrDefault("expires_in", ""));
    }

    private long expiry(String seconds) {
        try {
            long lives = (long) Double.parseDouble(seconds);
            return lives <= 0 ? Long.MAX_VALUE : clock.millis() + 1000 * lives - EARLY_MS;
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    private static Map<String, String> values(Answer answer) throws IOException {
        Map<String, String> values = new HashMap<>();
        YamlNode root;
        try {
            // JSON is YAML.
            root = YamlParser.parse(answer.text.replace('\t', ' '), "oauth2").orElse(null);
        } catch (ConfigException e) {
            throw new IOException("oauth2: cannot parse the token server's answer: " + e.getMessage(), e);
        }
        if (root instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (entry.value() instanceof YamlNode.Scalar scalar) {
                    values.put(entry.key(), scalar.text());
                }
            }
        }
        return values;
    }

    private static String form(Map<String, String> parameters) {
        List<String> parts = new ArrayList<>();
        parameters.forEach((name, value) -> parts.add(encoded(name) + "=" + encoded(value)));
        return String.join("&", parts);
    }

    private static String encoded(@Nullable String text) {
        return text == null ? "" : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
