// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A request; it can be sent again and again.
 *
 * @param method for example {@code GET}
 * @param headers header fields by name
 * @param body sent in UTF-8; empty for none
 * @param timeout how long the whole answer may take, redirects included
 */
public record HttpCall(String method, URI uri, Map<String, String> headers, String body, Duration timeout) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }

    /** A request by GET. */
    public HttpCall(URI uri, Map<String, String> headers, Duration timeout) {
        this("GET", uri, headers, "", timeout);
    }
}
