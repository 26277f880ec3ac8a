// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.ProxyConfig;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says through which proxy a URL is asked, if any, by {@code proxy_url}, {@code no_proxy} and
 * {@code proxy_from_environment} (Prometheus documentation, "http_config"). Hosts of {@code no_proxy} are names with all
 * below them, names below a leading dot, addresses and networks, each with a port where wanted; {@code *} is all. Where
 * {@code no_proxy} or the environment decides, this machine itself is always asked directly. Immutable.
 */
final class ProxyChoice {
    private static final ProxyChoice NONE = new ProxyChoice(null, null, List.of(), false);

    private final @Nullable URI forHttp;
    private final @Nullable URI forHttps;
    private final List<Bypass> bypasses;
    private final boolean exceptThisMachine;

    /** An entry of {@code no_proxy}; its port is empty for all. */
    private record Bypass(String host, @Nullable InetAddress network, int prefixBits, String port) {}

    private ProxyChoice(
            @Nullable URI forHttp, @Nullable URI forHttps, List<Bypass> bypasses, boolean exceptThisMachine) {
        this.forHttp = forHttp;
        this.forHttps = forHttps;
        this.bypasses = bypasses;
        this.exceptThisMachine = exceptThisMachine;
    }

    static ProxyChoice of(ProxyConfig config, Map<String, String> environment) {
        if (config.fromEnvironment()) {
            String noProxy = variable(environment, "NO_PROXY");
            return new ProxyChoice(
                    proxy(variable(environment, "HTTP_PROXY")),
                    proxy(variable(environment, "HTTPS_PROXY")),
                    bypasses(noProxy),
                    true);
        }
        if (config.url().isEmpty()) {
            return NONE;
        }
        URI url = proxy(config.url().value());
        return new ProxyChoice(
                url, url, bypasses(config.noProxy()), !config.noProxy().isEmpty());
    }

    private static String variable(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : value;
    }

    private static @Nullable URI proxy(String text) {
        if (text.isEmpty()) {
            return null;
        }
        URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
        if (HostAndPort.of(proxy) == null) {
            throw new IllegalArgumentException("proxy_url: names no host; it takes http://host:port");
        }
        return proxy;
    }

    private static List<Bypass> bypasses(String noProxy) {
        List<Bypass> bypasses = new ArrayList<>();
        for (String entry : noProxy.split(",", -1)) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            if (!text.isEmpty()) {
                bypasses.add(bypass(text));
            }
        }
        return bypasses;
    }

    private static Bypass bypass(String text) {
        int slash = text.indexOf('/');
        if (slash > 0) {
            InetAddress network = literal(text.substring(0, slash));
            if (network != null && text.substring(slash + 1).matches("[0-9]{1,3}")) {
                return new Bypass("", network, Integer.parseInt(text.substring(slash + 1)), "");
            }
        }
        InetAddress address = literal(text);
        if (address != null) {
            return new Bypass("", address, 8 * address.getAddress().length, "");
        }
        int colon = text.lastIndexOf(':');
        String port = colon > 0 && text.substring(colon + 1).matches("[0-9]+") ? text.substring(colon + 1) : "";
        String host = port.isEmpty() ? text : text.substring(0, colon);
        InetAddress hostAddress = literal(host);
        if (hostAddress != null) {
            return new Bypass("", hostAddress, 8 * hostAddress.getAddress().length, port);
        }
        return new Bypass(host.startsWith("*.") ? host.substring(1) : host, null, 0, port);
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** The proxy that a URL is asked through; null for none. */
    @Nullable
    URI proxyFor(URI target) {
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        URI proxy = secure ? forHttps : forHttp;
        if (proxy == null) {
            return null;
        }
        HostAndPort place = HostAndPort.required(target);
        String host = place.host().toLowerCase(Locale.ROOT);
        InetAddress address = literal(host);
        if (exceptThisMachine && (host.equals("localhost") || (address != null && address.isLoopbackAddress()))) {
            return null;
        }
        String port = Integer.toString(place.port() >= 0 ? place.port() : secure ? 443 : 80);
        for (Bypass bypass : bypasses) {
            if ((bypass.port.isEmpty() || bypass.port.equals(port)) && matches(bypass, host, address)) {
                return null;
            }
        }
        return proxy;
    }

    private static boolean matches(Bypass bypass, String host, @Nullable InetAddress address) {
        if (bypass.host.equals("*")) {
            return true;
        }
        if (bypass.network != null) {
            return address != null && isWithin(bypass.network, bypass.prefixBits, address);
        }
        if (bypass.host.startsWith(".")) {
            return host.endsWith(bypass.host);
        }
        return host.equals(bypass.host) || host.endsWith("." + bypass.host);
    }

    private static boolean isWithin(InetAddress network, int bits, InetAddress address) {
        byte[] left = network.getAddress();
        byte[] right = address.getAddress();
        if (left.length != right.length) {
            return false;
        }
        for (int i = 0; i < Math.min(bits, 8 * left.length); i++) {
            int mask = 0x80 >>> (i % 8);
            if ((left[i / 8] & mask) != (right[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
