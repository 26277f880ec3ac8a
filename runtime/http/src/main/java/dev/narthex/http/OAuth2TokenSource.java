// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.UrlPassword;
import dev.narthex.model.QuotedString;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
    private final BodyBuffer unpacked;

    private String authorization = "";
    private String secretOfToken = "";
    private long expiresMs;
    private boolean secretInBody;

    private OAuth2TokenSource(OAuth2Config config, HttpFetcher fetcher, InstantSource clock, BufferPool buffers) {
        this.config = config;
        this.fetcher = fetcher;
        this.clock = clock;
        body = new BodyBuffer(buffers);
        unpacked = new BodyBuffer(buffers);
    }

    static OAuth2TokenSource of(OAuth2Config config, HttpFetchers fetchers) {
        HttpClientConfig http =
                new HttpClientConfig(null, null, null, config.tls(), config.proxy(), true, false, Map.of());
        return new OAuth2TokenSource(config, fetchers.configured(http), fetchers.clock(), fetchers.buffers());
    }

    /**
     * The value of {@code Authorization}: type and token.
     *
     * @param agent who asks, as the token server is told; empty for nobody
     */
    synchronized String authorization(String agent, Deadline deadline) throws IOException, InterruptedException {
        String secret = config.grantType().equals(JWT_BEARER)
                ? Credentials.chosen(
                        config.clientCertificateKey().value(),
                        config.clientCertificateKeyFile(),
                        "unable to read oauth2 client certificate key")
                : Credentials.chosen(
                        config.clientSecret().value(),
                        config.clientSecretFile(),
                        "unable to read oauth2 client secret");
        if (authorization.isEmpty() || !secret.equals(secretOfToken) || clock.millis() >= expiresMs) {
            fetch(secret, agent, deadline);
            secretOfToken = secret;
        }
        return authorization;
    }

    private void fetch(String secret, String agent, Deadline deadline) throws IOException, InterruptedException {
        if (config.grantType().equals(JWT_BEARER)) {
            String assertion = Jwt.signed(config, secret, clock.instant().getEpochSecond());
            take(ask(form(Map.of("grant_type", JWT_BEARER, "assertion", assertion)), "", agent, deadline));
            return;
        }
        // A server takes the secret in the header or in the body; what it takes is only known when it has been tried.
        try {
            take(ask(secret, secretInBody, agent, deadline));
        } catch (HttpTimeoutException e) {
            throw e;
        } catch (IOException _) {
            take(ask(secret, !secretInBody, agent, deadline));
            secretInBody = !secretInBody;
        }
    }

    private Answer ask(String secret, boolean inBody, String agent, Deadline deadline)
            throws IOException, InterruptedException {
        Map<String, String> parameters = new HashMap<>(config.endpointParams());
        parameters.put("grant_type", "client_credentials");
        if (!config.scopes().isEmpty()) {
            parameters.put("scope", String.join(" ", config.scopes()));
        }
        if (inBody) {
            parameters.put("client_id", config.clientId());
            if (!secret.isEmpty()) {
                parameters.put("client_secret", secret);
            }
        }
        String header = inBody ? "" : Credentials.basic(encoded(config.clientId()), encoded(secret));
        return ask(form(parameters), header, agent, deadline);
    }

    private record Answer(int status, String statusText, String contentType, String text) {}

    private Answer ask(String form, String header, String agent, Deadline deadline)
            throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("Accept-Encoding", "gzip");
        if (!agent.isEmpty()) {
            headers.put("User-Agent", agent);
        }
        if (!header.isEmpty()) {
            headers.put("Authorization", header);
        }
        body.start(MAX_ANSWER_BYTES);
        try {
            HttpAnswer answer = fetcher.fetch(
                    new HttpCall("POST", URI.create(config.tokenUrl()), headers, form, deadline.remaining()), body);
            String text = text(answer.contentEncoding());
            String status = answer.statusText().isEmpty() ? Integer.toString(answer.status()) : answer.statusText();
            return new Answer(answer.status(), status, answer.contentType(), text);
        } catch (HttpTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "Post " + QuotedString.of(UrlPassword.inErrors(config.tokenUrl())) + ": " + e.getMessage(), e);
        } finally {
            body.release();
        }
    }

    private String text(String contentEncoding) throws IOException {
        if (!contentEncoding.equals("gzip")) {
            return new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
        }
        try (GzipDecoder decoder = new GzipDecoder()) {
            unpacked.start(MAX_ANSWER_BYTES);
            decoder.decode(body, unpacked);
            return new String(unpacked.bytes(), 0, unpacked.size(), StandardCharsets.UTF_8);
        } finally {
            unpacked.release();
        }
    }

    private void take(Answer answer) throws IOException {
        boolean good = answer.status / 100 == 2;
        Map<String, String> values = Map.of();
        IOException fault = null;
        try {
            values = OAuth2Answer.values(answer.contentType, answer.text);
        } catch (IOException e) {
            fault = e;
        }
        String error = values.getOrDefault("error", "");
        if (!error.isEmpty()) {
            StringBuilder text = new StringBuilder("oauth2: ").append(QuotedString.of(error));
            for (String more : List.of("error_description", "error_uri")) {
                String said = values.getOrDefault(more, "");
                text.append(said.isEmpty() ? "" : " " + QuotedString.of(said));
            }
            throw new IOException(text.toString());
        }
        if (!good) {
            String text = answer.text.length() > 200 ? answer.text.substring(0, 200) : answer.text;
            throw new IOException("oauth2: cannot fetch token: " + answer.statusText + "\nResponse: " + text);
        }
        if (fault != null) {
            throw fault;
        }
        String token = values.getOrDefault("access_token", "");
        if (token.isEmpty()) {
            throw new IOException("oauth2: server response missing access_token");
        }
        String type = values.getOrDefault("token_type", "");
        authorization = switch (type.toLowerCase(Locale.ROOT)) {
            case "", "bearer" -> "Bearer";
            case "mac" -> "MAC";
            case "basic" -> "Basic";
            default -> type;
        };
        authorization += " " + token;
        expiresMs = expiry(values.getOrDefault("expires_in", ""));
    }

    private long expiry(String seconds) {
        try {
            long lives = Long.parseLong(seconds);
            return lives <= 0 ? Long.MAX_VALUE : clock.millis() + 1000 * lives - EARLY_MS;
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    private static String form(Map<String, String> parameters) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(parameters).forEach((name, value) -> parts.add(encoded(name) + "=" + encoded(value)));
        return String.join("&", parts);
    }

    private static String encoded(@Nullable String text) {
        return text == null ? "" : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
