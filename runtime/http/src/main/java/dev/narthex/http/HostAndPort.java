// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The host and the port of a URL. Other than {@link URI#getHost}, it also knows hosts that are no names of RFC 2396, as
 * {@code my_app:9100} and {@code shop.1:80}, which networks of containers are full of.
 *
 * @param host as it is written, an IPv6 address in brackets; empty for this machine, where only a port is given
 * @param port -1 where none is given
 */
public record HostAndPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** Those of a URL; null where it names no host. */
    public static @Nullable HostAndPort of(URI url) {
        if (url.getHost() != null) {
            return new HostAndPort(url.getHost(), url.getPort());
        }
        String authority = url.getRawAuthority();
        if (authority == null) {
            return null;
        }
        String place = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = place.indexOf(':');
        String host = colon < 0 ? place : place.substring(0, colon);
        int port = colon < 0 ? -1 : port(place.substring(colon + 1));
        boolean malformed = (host.isEmpty() && port < 0)
                || host.indexOf('[') >= 0
                || (colon >= 0 && port < 0 && colon + 1 < place.length());
        return malformed ? null : new HostAndPort(host, port);
    }

    /** Those of a host without brackets. */
    static HostAndPort of(String host, int port) {
        return new HostAndPort(host.indexOf(':') >= 0 ? "[" + host + "]" : host, port);
    }

    /** Those of a URL that is known to name a host. */
    static HostAndPort required(URI url) {
        HostAndPort found = of(url);
        if (found == null) {
            throw new IllegalArgumentException("URL: found " + url + ", which names no host; give one");
        }
        return found;
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= MAX_PORT ? port : -1;
    }

    /** Both as they stand in a URL. */
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }
}
