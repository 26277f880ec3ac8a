// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.command.ServerOptions;
import java.net.URI;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL under which people reach the server, and what it makes of URLs that only this machine understands. Immutable.
 */
final class ExternalAddress {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /** Scheme, host, port and the rest of a URL. */
    private static final Pattern TARGET = Pattern.compile("([^/]*)//(\\[[^]/]*]|[^:/?]*)(:[^/?]*)?([/?].*|)");

    private final URI url;
    private final int ownPort;

    private ExternalAddress(URI url, int ownPort) {
        this.url = url;
        this.ownPort = ownPort;
    }

    /** The URL that was given, otherwise that of the machine's name and the first port listened on. */
    static ExternalAddress of(ServerOptions options, String hostname) {
        int port = options.addresses().getFirst().port();
        String given = options.externalUrl();
        URI url = URI.create(given.isEmpty() ? "http://" + hostname + ":" + port + options.routePrefix() : given);
        return new ExternalAddress(url, port);
    }

    /** Without a slash at its end. */
    String url() {
        return url.toString();
    }

    /** A target's URL as other machines write it: names of this machine replaced by the external one. */
    String global(String target) {
        Matcher parts = TARGET.matcher(target);
        if (!parts.matches() || !THIS_MACHINE.contains(parts.group(2)) || url.getHost() == null) {
            return target;
        }
        String port = parts.group(3) == null ? "" : parts.group(3);
        boolean isSelf = port.equals(":" + ownPort);
        if (isSelf) {
            port = url.getPort() < 0 ? "" : ":" + url.getPort();
        }
        String scheme = isSelf ? url.getScheme() + ":" : parts.group(1);
        return scheme + "//" + url.getHost() + (port.equals(":") ? "" : port) + parts.group(4);
    }
}
