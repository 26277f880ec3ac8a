// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** What a server asks of the certificates of its clients ({@code client_auth_type}). */
public enum ClientAuthType {
    /** None is asked for. */
    NO_CLIENT_CERT("NoClientCert"),
    /** One is asked for; none, or any, will do. */
    REQUEST_CLIENT_CERT("RequestClientCert"),
    /** One must be there; any will do. */
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
    /** None will do; one that is there is checked. */
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
    /** One must be there and is checked. */
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

    private final String text;

    ClientAuthType(String text) {
        this.text = text;
    }

    /** The name in configuration files. */
    public String text() {
        return text;
    }

    /** Whether a certificate that is there is checked against the authorities. */
    public boolean verifies() {
        return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
    }

    /** Whether a connection without a certificate is refused. */
    public boolean requires() {
        return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
    }
}
