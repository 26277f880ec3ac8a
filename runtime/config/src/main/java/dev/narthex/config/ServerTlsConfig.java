// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * {@code tls_server_config} of a server. Certificates and keys are PEM, given or read from files (again when these
 * change); where both are there, the file counts.
 *
 * @param clientCa certificates that those of clients are checked against; empty, with {@code clientCaFile} empty, for the
 *     system's
 * @param clientAllowedSans subject alternative names of which a client's certificate must bear one; empty for any
 * @param cipherSuites names of TLS 1.2 suites; empty for the default ones
 * @param preferServerCipherSuites kept for files that have it; the server's order always holds
 * @param curvePreferences names of curves, most wanted first; empty for the default ones
 */
public record ServerTlsConfig(
        String cert,
        String certFile,
        Secret key,
        String keyFile,
        ClientAuthType clientAuthType,
        String clientCa,
        String clientCaFile,
        List<String> clientAllowedSans,
        TlsVersion minVersion,
        TlsVersion maxVersion,
        List<String> cipherSuites,
        boolean preferServerCipherSuites,
        List<String> curvePreferences) {
    public ServerTlsConfig {
        clientAllowedSans = List.copyOf(clientAllowedSans);
        cipherSuites = List.copyOf(cipherSuites);
        curvePreferences = List.copyOf(curvePreferences);
    }
}
