// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads to.
 *
 * @param host of the target, without brackets
 * @param secure whether the target is asked by TLS
 * @param proxy what stands between, null for nothing
 * @param unixSocket the path of the socket on this machine that leads there, with nothing between; empty for none
 */
record Route(
        String host, int port, boolean secure, @Nullable URI proxy, String unixSocket) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int SOCKS_PORT = 1080;

    static Route of(URI target, @Nullable URI proxy) {
        return of(target, proxy, "");
    }

    static Route of(URI target, @Nullable URI proxy, String unixSocket) {
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        HostAndPort place = HostAndPort.required(target);
        int port = place.port() >= 0 ? place.port() : secure ? HTTPS_PORT : HTTP_PORT;
        return new Route(unbracketed(place.host()), port, secure, unixSocket.isEmpty() ? proxy : null, unixSocket);
    }

    private static String unbracketed(String host) {
        if (host.isEmpty()) {
            return "localhost";
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The same for connections that are interchangeable. */
    String key() {
        String direct = (secure ? "s " : "") + host + " " + port;
        if (!unixSocket.isEmpty()) {
            return direct + " unix " + unixSocket;
        }
        return proxy == null ? direct : direct + " " + proxy;
    }

    boolean isThroughSocks() {
        return proxy != null && proxy.getScheme().toLowerCase(Locale.ROOT).startsWith("socks5");
    }

    boolean isProxySecure() {
        return proxy != null && "https".equalsIgnoreCase(proxy.getScheme());
    }

    boolean needsTls() {
        return secure || isProxySecure();
    }

    /** Whether the proxy is asked for the whole URL; else it only opens a tunnel, or there is none. */
    boolean asksProxy() {
        return proxy != null && !secure && !isThroughSocks();
    }

    /** Whether the proxy is told to open a tunnel. */
    boolean tunnels() {
        return proxy != null && secure && !isThroughSocks();
    }

    String firstHost() {
        return proxy == null ? host : unbracketed(HostAndPort.required(proxy).host());
    }

    int firstPort() {
        if (proxy == null) {
            return port;
        }
        int given = HostAndPort.required(proxy).port();
        if (given >= 0) {
            return given;
        }
        return isThroughSocks() ? SOCKS_PORT : isProxySecure() ? HTTPS_PORT : HTTP_PORT;
    }

    /** What the proxy is told of the user that its URL names, empty for nothing. */
    String proxyAuthorization() {
        String user = proxy == null ? null : proxy.getRawUserInfo();
        if (user == null) {
            return "";
        }
        return basic(user);
    }

    /** The value of {@code Authorization} for the user of a URL. */
    static String basic(String user) {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String password = colon < 0 ? "" : user.substring(colon + 1);
        String both = decoded(name) + ":" + decoded(password);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    /** The user that the URL of the proxy names, and the password behind a colon; null where it names none. */
    @Nullable
    String proxyUser() {
        return proxy == null ? null : proxy.getRawUserInfo();
    }

    static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
