// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.OAuth2Config;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.YamlTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an {@code oauth2} section (Prometheus documentation, "oauth2"). */
final class OAuth2Reader {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final List<String> ALGORITHMS = List.of("RS256", "RS384", "RS512");

    private final ReaderContext context;
    private final HttpClientReader http;

    OAuth2Reader(ReaderContext context, HttpClientReader http) {
        this.context = context;
        this.http = http;
    }

    OAuth2Config read(MappingReader reader) {
        String grantType = reader.string("grant_type", "");
        String algorithm = reader.string("signature_algorithm", "");
        if (grantType.equals(JWT_BEARER)) {
            http.alternatives(
                    reader,
                    List.of("client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref"));
            if (!algorithm.isEmpty() && !ALGORITHMS.contains(algorithm)) {
                http.report(
                        reader,
                        "signature_algorithm",
                        "found \"" + algorithm + "\"; one of " + String.join(", ", ALGORITHMS) + " is expected");
            }
        } else {
            http.alternatives(reader, List.of("client_secret", "client_secret_file", "client_secret_ref"));
        }
        HttpClientReader.refuseReferences(reader, "client_secret_ref", "client_certificate_key_ref");
        Map<String, Object> claims = new LinkedHashMap<>();
        reader.entries("claims").forEach(entry -> claims.put(entry.key(), YamlTree.of(entry.value())));
        OAuth2Config oauth2 = new OAuth2Config(
                http.required(reader, "client_id"),
                reader.secret("client_secret"),
                context.path(reader, "client_secret_file"),
                reader.string("client_certificate_key_id", ""),
                reader.secret("client_certificate_key"),
                context.path(reader, "client_certificate_key_file"),
                grantType,
                algorithm,
                reader.string("iss", ""),
                reader.string("audience", ""),
                claims,
                reader.strings("scopes"),
                http.required(reader, "token_url"),
                reader.stringMap("endpoint_params"),
                http.readTls(reader),
                http.readProxy(reader));
        reader.finish();
        return oauth2;
    }
}
