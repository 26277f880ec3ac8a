// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.ClientAuthType;
import dev.narthex.config.Secret;
import dev.narthex.config.ServerTlsConfig;
import dev.narthex.config.TlsVersion;
import dev.narthex.config.WebConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.NearName;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the file of {@code --web.config.file} (Prometheus documentation, "HTTPS and authentication"). */
final class WebConfigReader {
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final List<String> CURVES = List.of("CurveP256", "CurveP384", "CurveP521", "X25519");

    /** The headers that may be set; those with a list take its values only. */
    private static final Map<String, List<String>> HEADERS = Map.of(
            "Content-Security-Policy", List.of(),
            "Strict-Transport-Security", List.of(),
            "X-XSS-Protection", List.of(),
            "X-Content-Type-Options", List.of("nosniff"),
            "X-Frame-Options", List.of("deny", "sameorigin"));

    private final ReaderContext context;

    WebConfigReader(ReaderContext context) {
        this.context = context;
    }

    WebConfig read(MappingReader root) {
        ServerTlsConfig tls = readTls(root.mapping("tls_server_config"));
        MappingReader http = root.mapping("http_server_config");
        boolean http2 = http.bool("http2", true);
        Map<String, String> headers = readHeaders(http);
        http.finish();
        Map<String, Secret> users = readUsers(root);
        WebConfig.RateLimit limit = readRateLimit(root.mapping("rate_limit"));
        root.finish();
        return new WebConfig(tls, http2, headers, users, limit);
    }

    private @Nullable ServerTlsConfig readTls(MappingReader reader) {
        boolean cert = given(reader, "cert", "cert_file");
        boolean key = given(reader, "key", "key_file");
        boolean authorities = given(reader, "client_ca", "client_ca_file");
        boolean wanted = cert || key || authorities || given(reader, "client_auth_type");
        if (wanted && !cert) {
            reader.report("cert_file", "is missing; TLS needs a certificate, in cert or cert_file");
        }
        if (wanted && !key) {
            reader.report("key_file", "is missing; TLS needs the certificate's key, in key or key_file");
        }
        ClientAuthType clientAuth = clientAuth(reader);
        if (authorities && clientAuth == ClientAuthType.NO_CLIENT_CERT) {
            reader.report(
                    given(reader, "client_ca") ? "client_ca" : "client_ca_file",
                    "has no effect without client_auth_type; set that, such as to RequireAndVerifyClientCert");
        }
        ServerTlsConfig tls = new ServerTlsConfig(
                reader.string("cert", ""),
                context.path(reader, "cert_file"),
                reader.secret("key"),
                context.path(reader, "key_file"),
                clientAuth,
                reader.string("client_ca", ""),
                context.path(reader, "client_ca_file"),
                reader.strings("client_allowed_sans"),
                version(reader, "min_version", TlsVersion.TLS12),
                version(reader, "max_version", TlsVersion.TLS13),
                names(reader, "cipher_suites", CIPHER_SUITES),
                reader.bool("prefer_server_cipher_suites", true),
                names(reader, "curve_preferences", CURVES));
        reader.finish();
        return wanted ? tls : null;
    }

    private static ClientAuthType clientAuth(MappingReader reader) {
        String found = reader.string("client_auth_type", "");
        if (found.equals("RequireClientCert")) {
            // Not in the documentation, and taken all the same.
            return ClientAuthType.REQUIRE_ANY_CLIENT_CERT;
        }
        return found.isEmpty()
                ? ClientAuthType.NO_CLIENT_CERT
                : ConfigValues.oneOf(
                        reader,
                        "client_auth_type",
                        ClientAuthType.NO_CLIENT_CERT,
                        Arrays.asList(ClientAuthType.values()),
                        ClientAuthType::text);
    }

    private static TlsVersion version(MappingReader reader, String field, TlsVersion fallback) {
        TlsVersion found = TlsReader.version(reader, field);
        return found == null ? fallback : found;
    }

    private static List<String> names(MappingReader reader, String field, List<String> accepted) {
        List<String> found = new ArrayList<>();
        for (YamlNode item : reader.list(field)) {
            if (!(item instanceof YamlNode.Scalar scalar)) {
                reader.problems().add(item, reader.pathOf(field), "found " + item.kind() + "; a name is expected");
            } else if (accepted.contains(scalar.text())) {
                found.add(scalar.text());
            } else if (!scalar.isNull()) {
                // Null is passed over, as in Prometheus.
                reader.problems()
                        .add(
                                item,
                                reader.pathOf(field),
                                "found \"" + scalar.text() + "\"" + NearName.hint(scalar.text(), accepted));
            }
        }
        return found;
    }

    private static Map<String, String> readHeaders(MappingReader http) {
        http.refuseNullKeys("headers");
        Map<String, String> headers = http.stringMap("headers");
        headers.forEach((name, value) -> {
            List<String> values = HEADERS.get(name);
            if (values == null) {
                http.report("headers", "\"" + name + "\" cannot be set" + NearName.hint(name, HEADERS.keySet()));
            } else if (!values.isEmpty() && !values.contains(value)) {
                http.report(
                        "headers", name + ": found \"" + value + "\"; " + String.join(" or ", values) + " is expected");
            }
        });
        return headers;
    }

    private static Map<String, Secret> readUsers(MappingReader root) {
        Map<String, Secret> users = new LinkedHashMap<>();
        for (YamlNode.Entry entry : root.allEntries("basic_auth_users")) {
            String path = root.pathOf("basic_auth_users") + "." + entry.key();
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                String hash = scalar.isNull() ? "" : scalar.text();
                String problem = BcryptHash.problem(hash);
                if (problem != null) {
                    root.problems()
                            .add(scalar, path, problem + "; give the bcrypt hash of the password, of cost 10 or so");
                }
                // Null is no name, and a user all the same.
                users.put(entry.nullKey() ? "" : entry.key(), new Secret(hash));
            } else {
                root.problems()
                        .add(entry.value(), path, "found " + entry.value().kind() + "; a bcrypt hash is expected");
            }
        }
        return users;
    }

    private static WebConfig.RateLimit readRateLimit(MappingReader reader) {
        Duration interval = Duration.ZERO;
        YamlNode written = reader.find("interval");
        // A number without a unit is one of nanoseconds.
        Long nanos = written instanceof YamlNode.Scalar scalar && scalar.plain()
                ? YamlNumber.whole(scalar.text(), true)
                : null;
        if (nanos != null) {
            interval = Duration.ofNanos(nanos);
        } else if (written != null) {
            String text = reader.string("interval", "");
            try {
                interval = GoDurationText.parse(text);
            } catch (IllegalArgumentException _) {
                reader.report("interval", "found \"" + text + "\"; a duration such as 10ms, 1s or 1m30s is expected");
            }
        }
        long burst = reader.integer("burst", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        reader.finish();
        return new WebConfig.RateLimit(interval, burst);
    }

    private static boolean given(MappingReader reader, String... fields) {
        return Arrays.stream(fields).anyMatch(reader::isGiven);
    }
}
