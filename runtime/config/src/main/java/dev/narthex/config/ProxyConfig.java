// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Through which proxy requests go.
 *
 * @param url of the proxy, empty for none; may hold a user and a password
 * @param noProxy hosts that are asked without it: names, domains, addresses, networks, with commas between
 * @param fromEnvironment whether the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY say it
 * @param connectHeaders sent to the proxy with a CONNECT, by name
 */
public record ProxyConfig(
        Secret url, String noProxy, boolean fromEnvironment, Map<String, List<Secret>> connectHeaders) {
    public static final ProxyConfig NONE = new ProxyConfig(Secret.NONE, "", false, Map.of());

    public ProxyConfig {
        Map<String, List<Secret>> copied = new LinkedHashMap<>();
        connectHeaders.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        connectHeaders = Collections.unmodifiableMap(copied);
    }
}
