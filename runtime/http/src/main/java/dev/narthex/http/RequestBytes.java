// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Requests as bytes of HTTP/1.1 (RFC 9112). */
final class RequestBytes {
    private RequestBytes() {}

    static byte[] of(HttpCall call, Route route, Map<String, List<String>> further) {
        URI uri = call.uri();
        StringBuilder text = new StringBuilder(384).append(call.method()).append(' ');
        if (route.asksProxy()) {
            text.append("http://").append(hostAndPort(uri));
        }
        String path = uri.getRawPath();
        text.append(path == null || path.isEmpty() ? "/" : path);
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        text.append(" HTTP/1.1\r\nHost: ").append(hostAndPort(uri)).append("\r\n");
        call.headers().forEach((name, value) -> field(text, name, value));
        further.forEach((name, values) -> values.forEach(value -> field(text, name, value)));
        if (route.asksProxy() && !route.proxyAuthorization().isEmpty()) {
            field(text, "Proxy-Authorization", route.proxyAuthorization());
        }
        byte[] body = call.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 || call.method().equals("POST")) {
            field(text, "Content-Length", Integer.toString(body.length));
        }
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        if (body.length == 0) {
            return head;
        }
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    private static String hostAndPort(URI uri) {
        return HostAndPort.required(uri).toString();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // A line break would begin a header field of somebody else's choice.
            text.append(c == '\r' || c == '\n' ? ' ' : c);
        }
        text.append("\r\n");
    }
}
