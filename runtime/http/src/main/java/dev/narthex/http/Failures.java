// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What the platform says of a failure, in words that users of Prometheus know. */
final class Failures {
    private static final String ALERT = "Received fatal alert:";

    private Failures() {}

    /** Why there is no connection to a place. */
    static IOException ofDialing(IOException failure, String host, int port) {
        return switch (failure) {
            case UnknownHostException _ -> new IOException("dial tcp: lookup " + host + ": no such host", failure);
            case ConnectException _, NoRouteToHostException _ -> {
                String address = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
                String message = failure.getMessage() == null ? "" : failure.getMessage();
                yield new IOException(
                        "dial tcp " + address + ": connect: " + lowerCase(message, "connection refused"), failure);
            }
            default -> failure;
        };
    }

    static IOException explained(IOException failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return switch (failure) {
            case SocketException _ -> new IOException(lowerCase(message, "connection failed"), failure);
            case SSLException _ ->
                new IOException((message.contains(ALERT) ? "remote error: tls: " : "tls: ") + ofTls(message), failure);
            default -> failure;
        };
    }

    private static String ofTls(String message) {
        String verify = "failed to verify certificate: x509: ";
        if (message.contains("PKIX path validation failed") && message.contains("validity check failed")) {
            return verify + "certificate has expired or is not yet valid";
        }
        if (message.contains("PKIX path") || message.contains("trustAnchors")) {
            return verify + "certificate signed by unknown authority";
        }
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return verify + "certificate is not valid for the host: " + lowerCase(message, "");
        }
        if (message.contains("plaintext connection") || message.contains("unrecognized SSL message")) {
            return "first record does not look like a TLS handshake";
        }
        int alert = message.indexOf(ALERT);
        if (alert >= 0) {
            return alert(message.substring(alert + ALERT.length()).strip());
        }
        return lowerCase(message, "handshake failed");
    }

    /** What the other end says (RFC 8446, section 6), in Go's words. */
    private static String alert(String name) {
        return switch (name) {
            case "protocol_version" -> "protocol version not supported";
            case "certificate_unknown" -> "unknown certificate";
            case "unknown_ca" -> "unknown certificate authority";
            case "certificate_expired" -> "expired certificate";
            case "certificate_revoked" -> "revoked certificate";
            case "decrypt_error" -> "error decrypting message";
            default -> name.replace('_', ' ');
        };
    }

    private static String lowerCase(String message, String otherwise) {
        return message.isEmpty() ? otherwise : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
