// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.BasicAuthConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.HttpHeaderConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of {@code http_config} from the section that they stand in (Prometheus documentation). */
final class HttpClientReader {
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "accept-encoding",
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "user-agent",
            "www-authenticate",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-security-token",
            "x-prometheus-remote-read-version",
            "x-prometheus-remote-write-version",
            "x-prometheus-scrape-timeout-seconds");

    private final ReaderContext context;
    private final TlsReader tlsReader;
    private final boolean lenient;

    HttpClientReader(ReaderContext context) {
        this(context, false);
    }

    private HttpClientReader(ReaderContext context, boolean lenient) {
        this.context = context;
        this.tlsReader = new TlsReader(context);
        this.lenient = lenient;
    }

    /** One that takes fields that contradict each other: where Prometheus makes no client before it needs one. */
    static HttpClientReader lenient(ReaderContext context) {
        return new HttpClientReader(context, true);
    }

    /** Reports what contradicts another field, unless that does not matter. */
    void report(MappingReader reader, String field, String message) {
        if (!lenient) {
            reader.report(field, message);
        }
    }

    /** Reports fields of which more than one says something, unless that does not matter. */
    void alternatives(MappingReader reader, List<String> fields) {
        if (!lenient) {
            atMostOne(reader, fields);
        }
    }

    /** A text that must be there, unless that does not matter. */
    String required(MappingReader reader, String field) {
        return lenient ? reader.string(field, "") : reader.required(field);
    }

    /**
     * The same, and refuses a key in a file whose certificate is in the text, or the other way round, as promtool does with
     * the client of scrapes and of Kubernetes.
     */
    HttpClientConfig readOfOnePlace(MappingReader reader) {
        HttpClientConfig config = read(reader);
        if (reader.has("tls_config")) {
            TlsReader.demandOnePlace(reader.mapping("tls_config"));
        }
        return config;
    }

    /** Reads and checks; leaves other fields of the section alone. */
    HttpClientConfig read(MappingReader reader) {
        return read(reader, true, HttpClientConfig.DEFAULT.enableHttp2());
    }

    HttpClientConfig read(MappingReader reader, boolean defaultRedirects, boolean defaultHttp2) {
        BasicAuthConfig basic = reader.has("basic_auth") ? readBasic(reader.mapping("basic_auth")) : null;
        AuthorizationConfig authorization = readAuthorization(reader);
        OAuth2Config oauth2 =
                reader.has("oauth2") ? new OAuth2Reader(context, this).read(reader.mapping("oauth2")) : null;
        if (basic != null && (authorization != null || oauth2 != null)) {
            report(
                    reader,
                    "basic_auth",
                    "stands beside another way to log in; give one of basic_auth, authorization,"
                            + " oauth2, bearer_token and bearer_token_file");
        } else if (authorization != null && oauth2 != null) {
            report(
                    reader,
                    "oauth2",
                    "stands beside another way to log in; give one of basic_auth, authorization,"
                            + " oauth2, bearer_token and bearer_token_file");
        }
        return new HttpClientConfig(
                basic,
                authorization,
                oauth2,
                readTls(reader),
                readProxy(reader),
                reader.bool("follow_redirects", defaultRedirects),
                reader.bool("enable_http2", defaultHttp2),
                readHeaders(reader));
    }

    @Nullable
    TlsConfig readTls(MappingReader reader) {
        return reader.has("tls_config") ? tlsReader.read(reader.mapping("tls_config")) : null;
    }

    private BasicAuthConfig readBasic(MappingReader reader) {
        alternatives(reader, List.of("username", "username_file", "username_ref"));
        alternatives(reader, List.of("password", "password_file", "password_ref"));
        refuseReferences(reader, "username_ref", "password_ref");
        BasicAuthConfig basic = new BasicAuthConfig(
                reader.string("username", ""),
                context.path(reader, "username_file"),
                reader.secret("password"),
                context.path(reader, "password_file"));
        reader.finish();
        return basic;
    }

    private @Nullable AuthorizationConfig readAuthorization(MappingReader reader) {
        boolean bearer = reader.isGiven("bearer_token") || reader.isGiven("bearer_token_file");
        alternatives(reader, List.of("bearer_token", "bearer_token_file"));
        if (!reader.has("authorization")) {
            Secret token = reader.secret("bearer_token");
            String file = context.path(reader, "bearer_token_file");
            return bearer ? new AuthorizationConfig(AuthorizationConfig.DEFAULT_TYPE, token, file) : null;
        }
        if (bearer) {
            report(reader, "authorization", "stands beside bearer_token; remove the latter, which is deprecated");
        }
        MappingReader inner = reader.mapping("authorization");
        alternatives(inner, List.of("credentials", "credentials_file", "credentials_ref"));
        refuseReferences(inner, "credentials_ref");
        String type = inner.string("type", "").strip();
        if (type.toLowerCase(Locale.ROOT).equals("basic")) {
            report(inner, "type", "found \"" + type + "\"; use basic_auth for that");
        }
        AuthorizationConfig authorization = new AuthorizationConfig(
                type.isEmpty() ? AuthorizationConfig.DEFAULT_TYPE : type,
                inner.secret("credentials"),
                context.path(inner, "credentials_file"));
        inner.finish();
        return authorization;
    }

    ProxyConfig readProxy(MappingReader reader) {
        String url = reader.string("proxy_url", "");
        ConfigValues.checkUrl(reader, "proxy_url");
        String noProxy = reader.string("no_proxy", "");
        boolean fromEnvironment = reader.bool("proxy_from_environment", false);
        Map<String, List<Secret>> headers = new LinkedHashMap<>();
        MappingReader inner = reader.mapping("proxy_connect_header");
        for (YamlNode.Entry entry : reader.entries("proxy_connect_header")) {
            headers.put(entry.key(), inner.secrets(entry.key()));
        }
        if (fromEnvironment && !url.isEmpty()) {
            report(reader, "proxy_url", "stands beside proxy_from_environment; give one of them");
        }
        if (fromEnvironment && !noProxy.isEmpty()) {
            report(reader, "no_proxy", "stands beside proxy_from_environment; give one of them");
        } else if (url.isEmpty() && !reader.has("proxy_url") && !noProxy.isEmpty()) {
            report(reader, "no_proxy", "has no meaning without proxy_url; give that too");
        }
        if (!headers.isEmpty() && !fromEnvironment && url.isEmpty()) {
            report(
                    reader,
                    "proxy_connect_header",
                    "has no meaning without proxy_url or proxy_from_environment; give one");
        }
        Secret secretUrl = url.isEmpty() ? Secret.NONE : new Secret(url);
        return new ProxyConfig(secretUrl, noProxy, fromEnvironment, headers);
    }

    private Map<String, HttpHeaderConfig> readHeaders(MappingReader reader) {
        Map<String, HttpHeaderConfig> headers = new LinkedHashMap<>();
        MappingReader all = reader.mapping("http_headers");
        for (YamlNode.Entry entry : reader.allEntries("http_headers")) {
            if (RESERVED_HEADERS.contains(entry.key().toLowerCase(Locale.ROOT))) {
                report(all, entry.key(), "is a header that may not be set here; remove it");
            }
            MappingReader inner = all.mapping(entry.key());
            HttpHeaderConfig header = new HttpHeaderConfig(
                    inner.strings("values"), inner.secrets("secrets"), context.paths(inner, "files"));
            inner.finish();
            if (!entry.nullKey()) {
                headers.put(entry.key(), header);
            }
        }
        return headers;
    }

    /** Reports fields of which more than one says something. */
    static void atMostOne(MappingReader reader, List<String> fields) {
        List<String> given = fields.stream().filter(reader::isGiven).toList();
        if (given.size() > 1) {
            reader.report(given.get(1), "stands beside " + given.getFirst() + "; give one of " + list(fields));
        }
    }

    /** References to a secrets manager, which Prometheus reads but has no manager for. */
    static void refuseReferences(MappingReader reader, String... fields) {
        for (String field : fields) {
            reader.string(field, "");
            if (reader.isGiven(field)) {
                reader.unsupported(field);
            }
        }
    }

    private static String list(List<String> fields) {
        return String.join(
                ", ", fields.stream().filter(field -> !field.endsWith("_ref")).toList());
    }
}
