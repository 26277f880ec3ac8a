// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Lets clients in whose certificate another trust manager takes and bears one of some names. */
final class AllowedNames extends X509ExtendedTrustManager {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    private final X509ExtendedTrustManager others;
    private final List<String> names;

    /** @param names subject alternative names: host names, addresses, mail addresses, URIs */
    AllowedNames(X509ExtendedTrustManager others, List<String> names) {
        this.others = others;
        this.names = List.copyOf(names);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        others.checkClientTrusted(chain, type, engine);
        checkNames(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        others.checkClientTrusted(chain, type, socket);
        checkNames(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        others.checkClientTrusted(chain, type);
        checkNames(chain[0]);
    }

    private void checkNames(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> borne = certificate.getSubjectAlternativeNames();
        if (borne != null) {
            for (List<?> name : borne) {
                if (name.get(0) instanceof Integer kind
                        && name.get(1) instanceof String text
                        && names.stream().anyMatch(allowed -> isSame(kind, text, allowed))) {
                    return;
                }
            }
        }
        throw new CertificateException("the client's certificate bears none of client_allowed_sans");
    }

    private static boolean isSame(int kind, String name, String allowed) {
        return switch (kind) {
            case DNS, EMAIL, URI -> name.equals(allowed);
            case ADDRESS -> isSameAddress(name, allowed);
            default -> false;
        };
    }

    private static boolean isSameAddress(String name, String allowed) {
        try {
            return InetAddress.ofLiteral(name).equals(InetAddress.ofLiteral(allowed));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        others.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        others.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        others.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return others.getAcceptedIssuers();
    }
}
