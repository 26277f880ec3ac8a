// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer: status, headers, and a body that is written straight to the client.
 *
 * @param status the HTTP status code
 * @param contentType the value of Content-Type, empty for an answer without body
 * @param headers further headers
 * @param body writes the body; called once, on the handler's thread
 */
public record Response(int status, String contentType, Map<String, String> headers, Body body) {
    public static final String PLAIN = "text/plain; charset=utf-8";
    public static final String JSON = "application/json";
    /** Server-sent events: never compressed, since each is to arrive at once. */
    public static final String EVENTS = "text/event-stream";

    /** A JSON value on each line, one after the other as they are found: never compressed either. */
    public static final String JSON_LINES = "application/x-ndjson; charset=utf-8";

    public static final String HTML = "text/html; charset=utf-8";

    /** Frames of remote read, which are compressed already. */
    public static final String CHUNKED_SERIES = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

    /** Writes a body. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes all of the body. Small bodies are sent with their length, larger ones as they are written.
         *
         * @throws IOException when the client has gone away
         */
        void writeTo(OutputStream out) throws IOException;
    }

    public Response {
        headers = Map.copyOf(headers);
    }

    public static Response of(int status, String contentType, Body body) {
        return new Response(status, contentType, Map.of(), body);
    }

    /** An answer in plain text. */
    public static Response text(int status, String text) {
        return of(status, PLAIN, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** An answer without a body. */
    public static Response empty(int status) {
        return of(status, "", _ -> {});
    }

    public static Response redirect(String location) {
        return new Response(
                302,
                HTML,
                Map.of("Location", location),
                out -> out.write(Redirect.anchor(Redirect.FOUND, location).getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether the body may be compressed on its way. */
    boolean isCompressible() {
        return !contentType.isEmpty()
                && !contentType.equals(EVENTS)
                && !contentType.equals(JSON_LINES)
                && !contentType.equals(CHUNKED_SERIES)
                && !headers.containsKey("Content-Encoding");
    }

    public Response withStatus(int code) {
        return new Response(code, contentType, headers, body);
    }

    public Response withHeader(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new Response(status, contentType, more, body);
    }
}
