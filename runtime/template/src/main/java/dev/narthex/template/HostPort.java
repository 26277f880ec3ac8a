// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.Optional;

/**
 * An address split into host and port.
 *
 * @param host without the brackets of an IPv6 address
 * @param port may be empty
 */
record HostPort(String host, String port) {
    /** Splits {@code host:port} or {@code [host]:port}; empty where the text is neither. */
    static Optional<HostPort> split(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (text.startsWith("[")) {
            boolean closed = text.indexOf(']') == colon - 1;
            host = closed ? host.substring(1, colon - 1) : "[";
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        boolean brackets = host.indexOf('[') >= 0 || host.indexOf(']') >= 0;
        return brackets ? Optional.empty() : Optional.of(new HostPort(host, text.substring(colon + 1)));
    }

    /** An address with the first part of its host name only; IP addresses stay as they are. */
    static String withoutDomain(String address) {
        Optional<HostPort> split = split(address);
        String host = split.map(HostPort::host).orElse(address);
        if (isIpAddress(host)) {
            return address;
        }
        int dot = host.indexOf('.');
        String name = dot < 0 ? host : host.substring(0, dot);
        String port = split.map(HostPort::port).orElse("");
        return port.isEmpty() ? name : name + ":" + port;
    }

    private static boolean isIpAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return host.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0);
        }
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean number =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!number || Integer.parseInt(part) > 255 || (part.length() > 1 && part.startsWith("0"))) {
                return false;
            }
        }
        return true;
    }
}
