// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import org.jspecify.annotations.Nullable;

/**
 * {@code tls_config} of a client. Certificates and keys are PEM, given or read from files (again when these change).
 *
 * @param ca certificates that the server's is checked against; empty, with {@code caFile} empty, for the system's
 * @param serverName the name that the server's certificate must bear; empty for the host of the URL
 * @param minVersion null for TLS 1.2
 * @param maxVersion null for the newest
 */
public record TlsConfig(
        String ca,
        String caFile,
        String cert,
        String certFile,
        Secret key,
        String keyFile,
        String serverName,
        boolean insecureSkipVerify,
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion) {
    public static final TlsConfig DEFAULT = new TlsConfig("", "", "", "", Secret.NONE, "", "", false, null, null);
}
