// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;

/** Opens connections: through a proxy where there is one, by TLS where it is wanted. Safe for use by many threads. */
final class Dialer {
    private final BufferPool buffers;
    private final ProxyConfig proxyConfig;

    Dialer(BufferPool buffers, ProxyConfig proxyConfig) {
        this.buffers = buffers;
        this.proxyConfig = proxyConfig;
    }

    /**
     * Opens a connection.
     *
     * @param offersHttp2 whether the other end may choose HTTP/2
     */
    HttpConnection dial(Route route, TlsClient.Generation tls, boolean offersHttp2, Deadline deadline)
            throws IOException {
        if (!route.unixSocket().isEmpty()) {
            return dialUnix(route, tls, offersHttp2, deadline);
        }
        InetSocketAddress first = new InetSocketAddress(route.firstHost(), route.firstPort());
        if (first.isUnresolved()) {
            throw Failures.ofDialing(new UnknownHostException(), route.firstHost(), route.firstPort());
        }
        Socket plain = new Socket();
        boolean done = false;
        try {
            plain.setTcpNoDelay(true);
            try {
                plain.connect(first, deadline.remainingMs());
            } catch (ConnectException | NoRouteToHostException e) {
                IOException failure = Failures.ofDialing(e, route.firstHost(), route.firstPort());
                throw route.proxy() == null
                        ? failure
                        : new IOException("proxyconnect tcp: " + failure.getMessage(), failure);
            }
            TimedSocket timed = new TimedSocket(plain, deadline);
            if (route.isThroughSocks()) {
                new SocksHandshake(route).on(timed);
            }
            Socket socket = timed;
            if (route.isProxySecure()) {
                socket = tls.secured(socket, route.firstHost(), route.firstPort(), false);
            }
            if (route.tunnels()) {
                new HttpConnection(timed, socket, buffers).tunnel(tunnelRequest(route));
            }
            if (route.secure()) {
                socket = tls.secured(socket, route.host(), route.port(), offersHttp2);
            }
            HttpConnection connection = new HttpConnection(timed, socket, buffers);
            done = true;
            return connection;
        } catch (SocketTimeoutException _) {
            throw Deadline.exceeded();
        } finally {
            if (!done) {
                plain.close();
            }
        }
    }

    private HttpConnection dialUnix(Route route, TlsClient.Generation tls, boolean offersHttp2, Deadline deadline)
            throws IOException {
        TimedSocket plain = new TimedSocket(UnixSocket.connect(route.unixSocket()), deadline);
        boolean done = false;
        try {
            Socket socket = route.secure() ? tls.secured(plain, route.host(), route.port(), offersHttp2) : plain;
            HttpConnection connection = new HttpConnection(plain, socket, buffers);
            done = true;
            return connection;
        } catch (SocketTimeoutException _) {
            throw Deadline.exceeded();
        } finally {
            if (!done) {
                plain.close();
            }
        }
    }

    private byte[] tunnelRequest(Route route) throws IOException {
        String host = route.host().indexOf(':') >= 0 ? "[" + route.host() + "]" : route.host();
        String authority = host + ":" + route.port();
        StringBuilder text = new StringBuilder("CONNECT ").append(authority).append(" HTTP/1.1\r\nHost: ");
        text.append(authority).append("\r\n");
        Map<String, List<String>> fields = new TreeMap<>();
        if (!route.proxyAuthorization().isEmpty()) {
            fields.put("Proxy-Authorization", List.of(route.proxyAuthorization()));
        }
        proxyConfig
                .connectHeaders()
                .forEach((name, values) ->
                        fields.put(name, values.stream().map(Secret::value).toList()));
        RequestBytes.check(fields);
        fields.forEach((name, values) -> values.forEach(
                value -> text.append(name).append(": ").append(value).append("\r\n")));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether TLS has negotiated HTTP/2 on a socket. */
    static boolean speaksHttp2(Socket socket) {
        return socket instanceof SSLSocket secured && "h2".equals(secured.getApplicationProtocol());
    }
}
