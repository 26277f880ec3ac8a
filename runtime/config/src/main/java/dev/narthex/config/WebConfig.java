// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --web.config.file} (Prometheus documentation, "HTTPS and authentication").
 *
 * @param tls null where plain HTTP is served
 * @param http2 whether HTTP/2 is offered; has effect with TLS only
 * @param headers added to every answer, by name
 * @param basicAuthUsers bcrypt hashes of passwords by user name; empty where everybody may in
 * @param rateLimit for all requests together
 */
public record WebConfig(
        @Nullable ServerTlsConfig tls,
        boolean http2,
        Map<String, String> headers,
        Map<String, Secret> basicAuthUsers,
        RateLimit rateLimit) {
    /** That of an empty file: plain HTTP for everybody. */
    public static final WebConfig DEFAULT = new WebConfig(null, true, Map.of(), Map.of(), RateLimit.NONE);

    public WebConfig {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        basicAuthUsers = Collections.unmodifiableMap(new LinkedHashMap<>(basicAuthUsers));
    }

    /**
     * How often requests are let in.
     *
     * @param interval time from one request to the next, on average; zero or less for no limit
     * @param burst how many requests may come at once
     */
    public record RateLimit(Duration interval, long burst) {
        public static final RateLimit NONE = new RateLimit(Duration.ZERO, 0);

        /** Whether requests are counted at all. */
        public boolean isLimited() {
            return interval.isPositive();
        }
    }
}
