// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.EscapedHtml;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;

/** Answers that send a client on, in the form that Go's servers give them. */
final class Redirect {
    static final int MOVED = 301;
    static final int FOUND = 302;
    static final int TEMPORARY = 307;

    private static final int LAST_ASCII = 0x7f;

    private Redirect() {}

    /** To a path, of which each character is a byte, with the query of the request. */
    static void send(HttpServerRequest request, int status, String path) {
        String query = request.query();
        String location = query == null ? path : path + "?" + query;
        HttpServerResponse response = request.response().setStatusCode(status).putHeader("Location", ascii(location));
        String method = request.method().name();
        if (method.equals("GET") || method.equals("HEAD")) {
            response.putHeader("Content-Type", Response.HTML);
        }
        response.end(Buffer.buffer(method.equals("GET") ? anchor(status, location) : "", "ISO-8859-1"));
    }

    /** The body for who does not go on by itself. */
    static String anchor(int status, String location) {
        String words = switch (status) {
            case MOVED -> "Moved Permanently";
            case FOUND -> "Found";
            default -> "Temporary Redirect";
        };
        return "<a href=\"" + EscapedHtml.of(location) + "\">" + words + "</a>.\n\n";
    }

    /** Bytes that no header may have, a character each, as escapes. */
    private static String ascii(String location) {
        if (location.chars().allMatch(c -> c <= LAST_ASCII)) {
            return location;
        }
        StringBuilder escaped = new StringBuilder();
        location.chars().forEach(c -> {
            if (c <= LAST_ASCII) {
                escaped.append((char) c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02x", c & 0xff));
            }
        });
        return escaped.toString();
    }
}
