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
 * @param unixSocket the path of the socket on this machine that is asked, whatever host the URL names; empty for none
 */
public record HttpCall(
        String method, URI uri, Map<String, String> headers, String body, Duration timeout, String unixSocket) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }

    /** A request by the network. */
    public HttpCall(String method, URI uri, Map<String, String> headers, String body, Duration timeout) {
        this(method, uri, headers, body, timeout, "");
    }

    /** A request by GET. */
    public HttpCall(URI uri, Map<String, String> headers, Duration timeout) {
        this("GET", uri, headers, "", timeout);
    }

    /** The same request by a socket on this machine; by the network where the path is empty. */
    public HttpCall through(String path) {
        return new HttpCall(method, uri, headers, body, timeout, path);
    }
}
