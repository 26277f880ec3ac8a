// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

/**
 * A host and port to listen on, as in {@code --web.listen-address}: {@code 0.0.0.0:9090}, {@code :9090},
 * {@code [::1]:9090}.
 *
 * @param host empty for all addresses of the machine
 * @param port 0 lets the system choose
 */
public record ListenAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw invalid(text, "no port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw invalid(text, "too many colons");
        }
        return new ListenAddress(host, port(text, text.substring(colon + 1)));
    }

    private static int port(String text, String digits) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = isNumber ? Integer.parseInt(digits) : MAX_PORT + 1;
        if (port > MAX_PORT) {
            throw invalid(text, "no port from 0 to 65535");
        }
        return port;
    }

    private static IllegalArgumentException invalid(String text, String problem) {
        return new IllegalArgumentException(problem + " in the address, found \"" + text
                + "\"; write host:port or :port, an IPv6 host in brackets");
    }

    /** The host to bind. */
    public String bindHost() {
        return host.isEmpty() ? "0.0.0.0" : host;
    }

    /** A host under which a client on this machine reaches the address. */
    public String clientHost() {
        if (host.isEmpty() || host.equals("0.0.0.0") || host.equals("::")) {
            return "127.0.0.1";
        }
        return bracketed();
    }

    public ListenAddress withPort(int actualPort) {
        return new ListenAddress(host, actualPort);
    }

    private String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return bracketed() + ":" + port;
    }
}
