// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.BasicAuthConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.HttpHeaderConfig;
import dev.narthex.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header fields by which a client says who it is: {@code Authorization} and those of {@code http_headers}. Files are
 * read for every request, so that a new password holds at once. Safe for use by many threads.
 */
final class Credentials {
    private static final String AUTHORIZATION = "Authorization";

    private final HttpClientConfig config;
    private final @Nullable OAuth2TokenSource tokens;
    private final boolean none;

    private Credentials(HttpClientConfig config, @Nullable OAuth2TokenSource tokens) {
        this.config = config;
        this.tokens = tokens;
        none = config.basicAuth() == null
                && config.authorization() == null
                && tokens == null
                && config.headers().isEmpty();
    }

    static Credentials of(HttpClientConfig config, HttpFetchers fetchers) {
        OAuth2TokenSource tokens = config.oauth2() == null ? null : OAuth2TokenSource.of(config.oauth2(), fetchers);
        return new Credentials(config, tokens);
    }

    /** Whether no request ever has such a field. */
    boolean isNone() {
        return none;
    }

    /** The header fields for a request that is sent now; values by name. */
    Map<String, List<String>> headers(HttpCall call, Deadline deadline) throws IOException, InterruptedException {
        if (none) {
            return Map.of();
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, HttpHeaderConfig> header : config.headers().entrySet()) {
            List<String> values = new ArrayList<>(header.getValue().values());
            for (Secret secret : header.getValue().secrets()) {
                values.add(secret.value());
            }
            for (String file : header.getValue().files()) {
                values.add(content(file, "unable to read headers file", ""));
            }
            headers.put(header.getKey(), values);
        }
        BasicAuthConfig basic = config.basicAuth();
        AuthorizationConfig authorization = config.authorization();
        if (basic != null) {
            String user = chosen(basic.username(), basic.usernameFile(), "unable to read basic auth username");
            String password =
                    chosen(basic.password().value(), basic.passwordFile(), "unable to read basic auth password");
            headers.put(AUTHORIZATION, List.of(basic(user, password)));
        } else if (authorization != null) {
            String credentials = chosen(
                    authorization.credentials().value(),
                    authorization.credentialsFile(),
                    "unable to read authorization credentials");
            headers.put(AUTHORIZATION, List.of(authorization.type() + " " + credentials));
        } else if (tokens != null) {
            headers.put(
                    AUTHORIZATION,
                    List.of(tokens.authorization(call.headers().getOrDefault("User-Agent", ""), deadline)));
        }
        RequestBytes.check(headers);
        return headers;
    }

    /** Those for a host that is not trusted with anything: fields of {@code http_headers} that hold no secret. */
    Map<String, List<String>> openHeaders() throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        config.headers().forEach((name, header) -> {
            boolean secret = !header.secrets().isEmpty() || !header.files().isEmpty() || Redirects.isCredential(name);
            if (!secret) {
                headers.put(name, header.values());
            }
        });
        RequestBytes.check(headers);
        return headers;
    }

    /** The value of {@code Authorization} for a user and a password (RFC 7617). */
    static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    /** What stands in the configuration, or else what stands in the file that it names, without space around it. */
    static String chosen(String given, String file, String problem) throws IOException {
        return file.isEmpty() ? given : content(file, problem, ": unable to read file");
    }

    private static String content(String file, String problem, String more) throws IOException {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            String why = switch (e) {
                case NoSuchFileException _ -> "no such file or directory";
                case AccessDeniedException _ -> "permission denied";
                default -> String.valueOf(e.getMessage());
            };
            throw new IOException(problem + more + " " + file + ": open " + file + ": " + why, e);
        }
    }
}
