// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.http.HostAndPort;
import dev.narthex.model.QuotedString;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a target, in the form and with the faults that Go's {@code net/url} finds, as Prometheus shows them: a target
 * whose labels make no URL is there all the same, and its scrapes fail.
 *
 * @param text as it is shown
 * @param uri where the target is asked; null where nothing can be asked
 * @param fault why not, as the error of a scrape; empty where there is a URI
 */
record TargetUrl(String text, @Nullable URI uri, String fault) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String HOST_CHARACTERS = "-_.~!$&'()*+,;=:[]<>\"";
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
    private static final Pattern PORT = Pattern.compile("(:[0-9]*)?");
    /** Escapes stand for bytes beyond ASCII only; that of the percent sign itself is taken too. */
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?!25)[0-7].");

    private static final Pattern EMPTY_PORT = Pattern.compile("^([^/]*//[^/?]*):(?=[/?]|$)");

    private static final int MAX_PORT = 65_535;

    /** One that can be asked. */
    static TargetUrl of(URI uri) {
        return new TargetUrl(uri.toString(), uri, "");
    }

    /**
     * Puts a URL together.
     *
     * @param scheme as the labels say it
     * @param address host and port as the labels say them
     * @param pathAndQuery encoded; begins with a slash unless it is empty
     */
    static TargetUrl of(String scheme, String address, String pathAndQuery) {
        String host = encodedHost(address);
        String text = (scheme.isEmpty() ? "" : scheme + ":") + "//" + host + pathAndQuery;
        String fault = fault(scheme, host);
        if (!fault.isEmpty()) {
            return new TargetUrl(text, null, "parse " + QuotedString.of(text) + ": " + fault);
        }
        String lowerCase = scheme.toLowerCase(Locale.ROOT);
        if (!lowerCase.equals("http") && !lowerCase.equals("https")) {
            fault = "unsupported protocol scheme " + QuotedString.of(lowerCase);
        } else if (isBeyondPorts(host)) {
            fault = "dial tcp: address " + host.substring(host.lastIndexOf(':') + 1) + ": invalid port";
        } else {
            try {
                URI uri = new URI(lowerCase + "://" + asciiHost(host) + pathAndQuery);
                if (HostAndPort.of(uri) != null) {
                    return new TargetUrl(text, uri, "");
                }
                fault = "dial tcp: lookup " + address + ": no such host";
            } catch (URISyntaxException | IllegalArgumentException _) {
                fault = "dial tcp: lookup " + address.replaceFirst(":[0-9]*$", "") + ": no such host";
            }
        }
        return new TargetUrl(text, null, "Get " + QuotedString.of(text) + ": " + fault);
    }

    /** As a request names it: without a colon that no port follows. */
    String askedText() {
        return EMPTY_PORT.matcher(text).replaceFirst("$1");
    }

    private static String encodedHost(String address) {
        StringBuilder out = new StringBuilder(address.length());
        for (byte octet : address.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (alphanumeric || HOST_CHARACTERS.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return out.toString();
    }

    /** Why the text is no URL; empty where it is one. */
    private static String fault(String scheme, String host) {
        if (!scheme.isEmpty() && !SCHEME.matcher(scheme).matches()) {
            return "first path segment in URL cannot contain colon";
        }
        int bracket = host.indexOf('[');
        if (bracket > 0) {
            return "invalid IP-literal: address " + decoded(host) + ": unexpected '[' in address";
        }
        int closing = host.lastIndexOf(']');
        if (bracket == 0 && closing < 0) {
            return "missing ']' in host: address " + decoded(host) + ": missing ']' in address";
        }
        int colon = host.indexOf(':', Math.max(closing, 0));
        String port = colon < 0 ? "" : host.substring(colon);
        if (port.indexOf(':', 1) >= 0) {
            return "invalid port " + QuotedString.of(port) + " after host: address " + decoded(host)
                    + ": too many colons in address";
        }
        if (!PORT.matcher(port).matches()) {
            return "invalid port " + QuotedString.of(port) + " after host";
        }
        if (bracket == 0 && !isAddress(host.substring(1, closing))) {
            return "invalid host: ParseAddr(" + QuotedString.of(decoded(host.substring(1, closing)))
                    + "): no address of IPv6 stands in the brackets";
        }
        Matcher escape = BAD_ESCAPE.matcher(host);
        return escape.find() ? "invalid URL escape " + QuotedString.of(escape.group()) : "";
    }

    private static boolean isAddress(String literal) {
        try {
            String address = literal.replaceFirst("%.*", "");
            return address.indexOf(':') >= 0 && InetAddress.ofLiteral(address) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isBeyondPorts(String host) {
        int colon = host.endsWith("]") ? -1 : host.lastIndexOf(':');
        String digits = colon < 0 ? "" : host.substring(colon + 1).replaceFirst("^0+(?=.)", "");
        return digits.length() > 5 || (!digits.isEmpty() && Integer.parseInt(digits) > MAX_PORT);
    }

    /** As names are looked up: letters beyond ASCII in their own coding (RFC 3492). */
    private static String asciiHost(String host) {
        if (host.indexOf('%') < 0 || host.startsWith("[")) {
            return host;
        }
        String name = decoded(host);
        int colon = name.lastIndexOf(':');
        return colon < 0 ? IDN.toASCII(name) : IDN.toASCII(name.substring(0, colon)) + name.substring(colon);
    }

    private static String decoded(String host) {
        byte[] bytes = host.getBytes(StandardCharsets.US_ASCII);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                decoded[length++] = (byte) HexFormat.fromHexDigits(host, i + 1, i + 3);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text;
    }
}
