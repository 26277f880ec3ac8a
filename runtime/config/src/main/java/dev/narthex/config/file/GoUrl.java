// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL as Prometheus' files may hold it (RFC 3986, more lenient: anything may stand in a path or a query but control
 * characters and broken escapes).
 *
 * @param scheme in lower case; empty where there is none
 * @param authority user, host and port as written; null where there is no {@code //}
 */
record GoUrl(String scheme, @Nullable String authority, String rest) {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
    /** Digits of a part of an address that Java takes and Go refuses. */
    private static final Pattern TOO_LONG = Pattern.compile("[0-9a-fA-F]{5}|[:.]0[0-9]+(?=\\.)|\\.0[0-9]");

    private static final Pattern USER = Pattern.compile("[a-zA-Z0-9._:~!$&'()*+,;=%@-]*");
    private static final String IN_HOST = "-_.~!$&'()*+,;=:[]<>\"";
    private static final String ZONE = "%25";

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static GoUrl parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("a control character in a URL");
            }
        }
        String scheme = "";
        String rest = text;
        int fragment = rest.indexOf('#');
        if (fragment >= 0) {
            checkEscapes(rest.substring(fragment + 1));
            rest = rest.substring(0, fragment);
        }
        int colon = rest.indexOf(':');
        if (colon == 0) {
            throw new IllegalArgumentException("missing protocol scheme");
        }
        if (colon > 0 && SCHEME.matcher(rest.substring(0, colon)).matches()) {
            scheme = rest.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
            rest = rest.substring(colon + 1);
        }
        int query = rest.indexOf('?');
        if (query >= 0) {
            rest = rest.substring(0, query);
        }
        if (scheme.isEmpty() && !rest.startsWith("/")) {
            int slash = rest.indexOf('/');
            String segment = slash < 0 ? rest : rest.substring(0, slash);
            if (segment.indexOf(':') >= 0) {
                throw new IllegalArgumentException("first path segment in URL cannot contain colon");
            }
        }
        String authority = null;
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            checkAuthority(authority);
        }
        if (scheme.isEmpty() || authority != null || rest.startsWith("/")) {
            checkEscapes(rest);
        }
        return new GoUrl(scheme, authority, rest);
    }

    /** Host and port, without user. */
    String host() {
        return authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static void checkAuthority(String authority) {
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String user = authority.substring(0, at);
            if (!USER.matcher(user).matches()) {
                throw new IllegalArgumentException("invalid character in the user of a URL");
            }
            checkEscapes(user);
        }
        checkHost(authority.substring(at + 1));
    }

    private static void checkHost(String host) {
        int portStart;
        int bracket = host.indexOf('[');
        if (bracket > 0) {
            throw new IllegalArgumentException("brackets within a host");
        }
        if (bracket == 0) {
            int closing = host.lastIndexOf(']');
            if (closing < 0) {
                throw new IllegalArgumentException("missing ']' in host");
            }
            checkAddress(host.substring(1, closing));
            portStart = closing + 1;
        } else {
            portStart = host.indexOf(':') < 0 ? host.length() : host.indexOf(':');
        }
        String port = host.substring(portStart);
        if (!port.isEmpty() && !port.matches(":[0-9]*")) {
            throw new IllegalArgumentException("invalid port \"" + port + "\" after host");
        }
        if (bracket < 0) {
            checkHostCharacters(host, false);
        }
    }

    private static boolean isInHost(int c) {
        return c >= 0x80 || Character.isLetterOrDigit(c) || IN_HOST.indexOf(c) >= 0;
    }

    /**
     * Escapes in a host stand for what is not ASCII.
     *
     * @param zone whether the text is the zone of an address, in which also a percent sign, a space and what needs no escape
     *     may be escaped
     */
    private static void checkHostCharacters(String text, boolean zone) {
        checkEscapes(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int escaped = Integer.parseInt(text, i + 1, i + 3, 16);
                if (escaped < 0x80 && !(zone && (escaped == '%' || escaped == ' ' || isInHost(escaped)))) {
                    throw new IllegalArgumentException("invalid URL escape in a host");
                }
                i += 2;
            } else if (!isInHost(c)) {
                throw new IllegalArgumentException("invalid character \"" + c + "\" in host name");
            }
        }
    }

    /** An address of IPv6, perhaps with a zone behind an escaped percent sign. */
    private static void checkAddress(String text) {
        int zone = text.indexOf(ZONE);
        String address = zone < 0 ? text : text.substring(0, zone);
        checkHostCharacters(address, false);
        if (zone >= 0) {
            checkHostCharacters(text.substring(zone), true);
        }
        boolean emptyZone = zone >= 0 && zone == text.length() - ZONE.length();
        if (address.indexOf(':') < 0 || emptyZone || TOO_LONG.matcher(address).find() || !isLiteral(address)) {
            throw new IllegalArgumentException("invalid address \"" + text + "\" in brackets");
        }
    }

    private static boolean isLiteral(String address) {
        try {
            InetAddress _ = InetAddress.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void checkEscapes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                boolean valid = i + 2 < text.length()
                        && Character.digit(text.charAt(i + 1), 16) >= 0
                        && Character.digit(text.charAt(i + 2), 16) >= 0;
                if (!valid) {
                    throw new IllegalArgumentException("invalid URL escape");
                }
                i += 2;
            }
        }
    }
}
