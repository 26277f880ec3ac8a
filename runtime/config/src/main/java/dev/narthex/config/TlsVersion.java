// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** A version of TLS. */
public enum TlsVersion {
    TLS10("TLSv1"),
    TLS11("TLSv1.1"),
    TLS12("TLSv1.2"),
    TLS13("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /** The name that Java's TLS knows it by; {@link #name} is that of configuration files. */
    public String protocol() {
        return protocol;
    }
}
