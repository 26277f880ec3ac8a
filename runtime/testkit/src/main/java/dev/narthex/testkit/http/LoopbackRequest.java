// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request that a {@link LoopbackServer} has read.
 *
 * @param method for example {@code GET}
 * @param target path and query as they came
 * @param headers by lower-case name; of repeated ones the last
 * @param bodyText the body as Latin-1, so that no byte is lost
 */
public record LoopbackRequest(String method, String target, Map<String, String> headers, String bodyText) {
    /** A header field, empty where there is none. */
    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    /** The body as it came. */
    public byte[] body() {
        return bodyText.getBytes(StandardCharsets.ISO_8859_1);
    }
}
