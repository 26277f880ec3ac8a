// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A request for an exposition by GET; made once a target and sent again and again.
 *
 * @param headers header fields by name
 * @param timeout how long the whole answer may take
 */
public record ScrapeRequest(URI uri, Map<String, String> headers, Duration timeout) {
    public ScrapeRequest {
        headers = Map.copyOf(headers);
    }
}
