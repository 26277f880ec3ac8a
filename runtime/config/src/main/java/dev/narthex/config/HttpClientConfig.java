// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client talks HTTP: the {@code http_config} of Prometheus, whose fields stand directly in the section that makes
 * the requests. At most one of {@code basicAuth}, {@code authorization} and {@code oauth2} is there.
 *
 * @param tls null where nothing is said, which is as {@link TlsConfig#DEFAULT}
 * @param headers further headers by name
 */
public record HttpClientConfig(
        @Nullable BasicAuthConfig basicAuth,
        @Nullable AuthorizationConfig authorization,
        @Nullable OAuth2Config oauth2,
        @Nullable TlsConfig tls,
        ProxyConfig proxy,
        boolean followRedirects,
        boolean enableHttp2,
        Map<String, HttpHeaderConfig> headers) {
    public static final HttpClientConfig DEFAULT =
            new HttpClientConfig(null, null, null, null, ProxyConfig.NONE, true, true, Map.of());

    public HttpClientConfig {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The TLS settings that hold, the defaults where nothing is said. */
    public TlsConfig effectiveTls() {
        return tls == null ? TlsConfig.DEFAULT : tls;
    }
}
