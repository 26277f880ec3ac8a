// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.QuotedString;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Requests as bytes of HTTP/1.1 (RFC 9112). Header fields stand in the order of Go's client: who asks, how much, then all
 * others by their names.
 */
final class RequestBytes {
    private static final String USER_AGENT = "User-Agent";
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OF_CONNECTIONS =
            Set.of("Connection", "Host", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade");
    private static final char DELETE = 0x7f;

    private RequestBytes() {}

    static byte[] of(HttpCall call, Route route, Map<String, List<String>> further) {
        URI uri = call.uri();
        StringBuilder text = new StringBuilder(384).append(call.method()).append(' ');
        if (route.asksProxy()) {
            text.append("http://").append(hostAndPort(uri));
        }
        text.append(target(uri))
                .append(" HTTP/1.1\r\nHost: ")
                .append(hostAndPort(uri))
                .append("\r\n");
        Map<String, List<String>> fields = all(call, further);
        fields(text, USER_AGENT, fields.getOrDefault(USER_AGENT, List.of()));
        fields.remove(USER_AGENT);
        byte[] body = call.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 || call.method().equals("POST")) {
            fields(text, "Content-Length", List.of(Integer.toString(body.length)));
        }
        // Where nothing is said of what is accepted, the coding is the client's own affair, and comes behind all else.
        List<String> encodings = fields.containsKey("Accept") ? null : fields.remove(ACCEPT_ENCODING);
        fields.forEach((name, values) -> fields(text, name, values));
        if (encodings != null) {
            fields(text, ACCEPT_ENCODING, encodings);
        }
        if (route.asksProxy() && !route.proxyAuthorization().isEmpty()) {
            fields(text, "Proxy-Authorization", List.of(route.proxyAuthorization()));
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

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static Map<String, List<String>> all(HttpCall call, Map<String, List<String>> further) {
        Map<String, List<String>> fields = new TreeMap<>();
        call.headers().forEach((name, value) -> fields.put(canonical(name), List.of(value)));
        further.forEach((name, values) -> fields.merge(canonical(name), values, RequestBytes::joined));
        if (call.uri().getRawUserInfo() != null) {
            fields.putIfAbsent("Authorization", List.of(Route.basic(call.uri().getRawUserInfo())));
        }
        return fields;
    }

    /** The fields of the same request by HTTP/2 (RFC 9113, section 8.3), where those on the connection have no place. */
    static List<HeaderFields.Field> ofHttp2(HttpCall call, Map<String, List<String>> further) {
        List<HeaderFields.Field> fields = new ArrayList<>();
        fields.add(new HeaderFields.Field(":authority", hostAndPort(call.uri())));
        fields.add(new HeaderFields.Field(":method", call.method()));
        fields.add(new HeaderFields.Field(":path", target(call.uri())));
        fields.add(new HeaderFields.Field(":scheme", "https"));
        all(call, further).forEach((name, values) -> {
            if (!OF_CONNECTIONS.contains(name)) {
                values.forEach(value -> fields.add(new HeaderFields.Field(name.toLowerCase(Locale.ROOT), value)));
            }
        });
        return fields;
    }

    /** As written, without user, and without a colon that no port follows. */
    private static String hostAndPort(URI uri) {
        String authority = String.valueOf(uri.getRawAuthority());
        String place = authority.substring(authority.lastIndexOf('@') + 1);
        return place.endsWith(":") ? place.substring(0, place.length() - 1) : place;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** A name as Go writes it: capital letters at the beginning and behind each hyphen. */
    static String canonical(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean capital = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(capital ? Character.toUpperCase(c) : Character.toLowerCase(c));
            capital = c == '-';
        }
        return out.toString();
    }

    private static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * Refuses fields that would break a request: a line break would begin a field of somebody else's choice.
     *
     * @throws IOException naming the field, and not its value, which may be a secret
     */
    static void check(Map<String, List<String>> fields) throws IOException {
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            if (!NAME.matcher(field.getKey()).matches()) {
                throw new IOException("net/http: invalid header field name " + QuotedString.of(field.getKey()));
            }
            for (String value : field.getValue()) {
                if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == DELETE)) {
                    throw new IOException(
                            "net/http: invalid header field value for " + QuotedString.of(canonical(field.getKey())));
                }
            }
        }
    }

    private static void fields(StringBuilder text, String name, List<String> values) {
        for (String value : values) {
            text.append(name).append(": ").append(trimmed(value)).append("\r\n");
        }
    }
}
