// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.command.ServerOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * The URL under which people reach the server, and what it makes of URLs that only this machine understands. Immutable.
 */
final class ExternalAddress {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

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
    URI global(URI target) {
        if (target.getHost() == null || !THIS_MACHINE.contains(target.getHost())) {
            return target;
        }
        boolean isSelf = target.getPort() == ownPort;
        try {
            return new URI(
                    isSelf ? url.getScheme() : target.getScheme(),
                    null,
                    url.getHost(),
                    isSelf ? url.getPort() : target.getPort(),
                    target.getPath(),
                    target.getQuery(),
                    null);
        } catch (URISyntaxException _) {
            return target;
        }
    }
}
