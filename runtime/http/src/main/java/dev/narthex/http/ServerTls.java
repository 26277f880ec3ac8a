// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.ClientAuthType;
import dev.narthex.config.ServerTlsConfig;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.TlsVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * TLS of a server as a {@code tls_server_config} says it, with certificates and keys as their files were when it was
 * made. Safe for use by many threads.
 */
public final class ServerTls {
    /** Suites of TLS 1.3 cannot be chosen; a list of suites is one of TLS 1.2. */
    private static final List<String> TLS_1_3_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final SSLContext context;
    private final List<String> protocols;
    private final List<String> suites;
    private final List<String> groups;
    private final ClientAuthType clientAuth;

    private ServerTls(ServerTlsConfig config, SSLContext context) {
        this.protocols = protocols(config.minVersion(), config.maxVersion());
        this.context = LimitedContext.of(context, protocols);
        this.suites = suites(config.cipherSuites(), context);
        this.groups = config.curvePreferences().stream().map(ServerTls::group).toList();
        this.clientAuth = config.clientAuthType();
    }

    /**
     * Reads what a configuration names.
     *
     * @throws IOException when a file cannot be read or does not hold what it should, or nothing is left to agree on
     */
    public static ServerTls of(ServerTlsConfig config) throws IOException {
        // The server's own certificate and the authorities of its clients stand where a client has the same.
        TlsConfig material = new TlsConfig(
                config.clientCa(),
                config.clientCaFile(),
                config.cert(),
                config.certFile(),
                config.key(),
                config.keyFile(),
                "",
                !config.clientAuthType().verifies(),
                null,
                null);
        ServerTls tls = new ServerTls(config, TlsMaterial.serverContext(material, config.clientAllowedSans()));
        if (tls.protocols.isEmpty()) {
            throw new IOException("tls_server_config: no version of TLS from " + config.minVersion() + " to "
                    + config.maxVersion() + " is there; TLS 1.2 and 1.3 are");
        }
        return tls;
    }

    private static List<String> protocols(TlsVersion min, TlsVersion max) {
        List<String> protocols = new ArrayList<>();
        for (TlsVersion version : List.of(TlsVersion.TLS12, TlsVersion.TLS13)) {
            if (version.compareTo(min) >= 0 && version.compareTo(max) <= 0) {
                protocols.add(version == TlsVersion.TLS12 ? "TLSv1.2" : "TLSv1.3");
            }
        }
        return protocols;
    }

    private static List<String> suites(List<String> wanted, SSLContext context) {
        List<String> there = List.of(context.getDefaultSSLParameters().getCipherSuites());
        if (wanted.isEmpty()) {
            return there;
        }
        List<String> supported = List.of(context.getSupportedSSLParameters().getCipherSuites());
        Set<String> suites = new LinkedHashSet<>(TLS_1_3_SUITES);
        // Go names two suites without their last part.
        wanted.forEach(suite -> suites.add(suite.endsWith("_POLY1305") ? suite + "_SHA256" : suite));
        suites.retainAll(supported);
        return List.copyOf(suites);
    }

    private static String group(String curve) {
        return switch (curve) {
            case "CurveP256" -> "secp256r1";
            case "CurveP384" -> "secp384r1";
            case "CurveP521" -> "secp521r1";
            default -> curve.toLowerCase(Locale.ROOT);
        };
    }

    /** Makes engines. */
    public SSLContext context() {
        return context;
    }

    /** The suites that are offered. */
    public List<String> suites() {
        return suites;
    }

    /** The versions that are offered, as Java names them. */
    public List<String> protocols() {
        return protocols;
    }

    /** Gives an engine of {@link #context} what is not the context's. */
    public void configure(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        parameters.setCipherSuites(suites.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        if (!groups.isEmpty()) {
            parameters.setNamedGroups(groups.toArray(String[]::new));
        }
        // Each of the two switches the other off.
        if (clientAuth.requires()) {
            parameters.setNeedClientAuth(true);
        } else if (clientAuth != ClientAuthType.NO_CLIENT_CERT) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
    }

    @Override
    public String toString() {
        return "TLS " + protocols + ", client certificates " + clientAuth.text() + ", suites "
                + Arrays.toString(suites.toArray());
    }
}
