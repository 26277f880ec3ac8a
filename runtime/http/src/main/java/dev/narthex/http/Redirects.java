// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.QuotedString;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where answers send to (RFC 9110, section 15.4; RFC 3986, section 5), as leniently as Go's client reads it. */
final class Redirects {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2}).{0,2}");
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "cookie2", "www-authenticate");
    private static final String REFERER = "Referer";

    private Redirects() {}

    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** The URL that a {@code Location} means, seen from another. */
    static URI target(URI from, String location) throws IOException {
        Matcher broken = BROKEN_ESCAPE.matcher(location.replaceFirst("[?].*", ""));
        if (broken.find()) {
            throw unreadable(location, "invalid URL escape " + QuotedString.of(broken.group()));
        }
        try {
            URI given = new URI(encoded(location));
            URI next = from.resolve(given);
            if (given.getRawPath() != null && given.getRawPath().isEmpty() && given.getRawAuthority() == null) {
                // Of an address that is a query alone, the path stays.
                String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
                next = new URI(from.getScheme() + "://" + from.getRawAuthority() + from.getRawPath() + query);
            }
            String path = next.normalize().getRawPath();
            while (path != null && path.startsWith("/../")) {
                path = path.substring(3);
            }
            String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
            return next.getRawAuthority() == null
                    ? next
                    : new URI(next.getScheme() + "://" + next.getRawAuthority() + (path == null ? "" : path) + query);
        } catch (URISyntaxException | IllegalArgumentException e) {
            boolean bracket = location.indexOf('[') >= 0 && location.indexOf(']') < 0;
            throw unreadable(location, bracket ? "missing ']' in host" : String.valueOf(e.getMessage()));
        }
    }

    private static IOException unreadable(String location, String why) {
        String quoted = QuotedString.of(location);
        return new IOException("failed to parse Location header " + quoted + ": parse " + quoted + ": " + why);
    }

    /** Header fields come one byte a character. */
    private static String encoded(String location) {
        StringBuilder out = new StringBuilder(location.length());
        for (byte octet : location.getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (octet & 0xff);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                out.append('%').append(HEX.toHexDigits(octet));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * The call that follows on one that was sent elsewhere.
     *
     * @param trusted whether the other place may see credentials
     */
    static HttpCall next(HttpCall call, URI next, int status, boolean trusted) {
        boolean keepsBody = status == 307 || status == 308;
        String method = keepsBody || call.method().equals("HEAD") ? call.method() : "GET";
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.remove(REFERER);
        if (!trusted) {
            headers.keySet().removeIf(Redirects::isCredential);
        }
        if (!keepsBody) {
            headers.remove("Content-Type");
        }
        if (!isDowngrade(call.uri(), next)) {
            String asked = call.uri().toString();
            String user = call.uri().getRawUserInfo();
            headers.put(REFERER, user == null ? asked : asked.replace(user + "@", ""));
        }
        return new HttpCall(method, next, headers, keepsBody ? call.body() : "", call.timeout(), call.unixSocket());
    }

    /** Whether who was trusted with credentials may see them there too. */
    static boolean isSameHost(URI first, URI next) {
        HostAndPort other = HostAndPort.of(next);
        return !isDowngrade(first, next)
                && other != null
                && HostAndPort.required(first).host().equalsIgnoreCase(other.host());
    }

    private static boolean isDowngrade(URI first, URI next) {
        return "https".equalsIgnoreCase(first.getScheme()) && "http".equalsIgnoreCase(next.getScheme());
    }

    /** Whether a header field of that name is for the host only that was asked in the first place. */
    static boolean isCredential(String name) {
        return CREDENTIALS.contains(name.toLowerCase(Locale.ROOT));
    }
}
