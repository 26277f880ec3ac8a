// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes Java's objects for TLS of what a {@code tls_config} names. */
final class TlsMaterial {
    private static final char[] NO_PASSWORD = new char[0];

    private TlsMaterial() {}

    /** @throws IOException when a file cannot be read or does not hold what it should */
    static SSLContext context(TlsConfig config) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(config), trust(config), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls_config: cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * The same for a server: its own certificate, and the authorities that those of clients are checked against.
     *
     * @param names of which a client's certificate must bear one; empty for any
     */
    static SSLContext serverContext(TlsConfig config, List<String> names) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust = trust(config);
            if (!names.isEmpty() && trust[0] instanceof X509ExtendedTrustManager authorities) {
                trust[0] = new AllowedNames(authorities, names);
            }
            context.init(keys(config), trust, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls_server_config: cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(TlsConfig config) throws IOException, GeneralSecurityException {
        if (config.insecureSkipVerify()) {
            return new TrustManager[] {new TrustAll()};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        String pem = content(config.ca(), config.caFile());
        if (pem.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        String where = config.caFile().isEmpty() ? "ca" : "ca_file " + config.caFile();
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, NO_PASSWORD);
        int count = 0;
        for (Certificate authority : Pem.certificates(pem, where)) {
            authorities.setCertificateEntry("ca" + count++, authority);
        }
        factory.init(authorities);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(TlsConfig config) throws IOException, GeneralSecurityException {
        String certificates = content(config.cert(), config.certFile());
        String key = content(config.key().value(), config.keyFile());
        if (certificates.isEmpty() || key.isEmpty()) {
            return new KeyManager[0];
        }
        String where = config.certFile().isEmpty() ? "cert" : "cert_file " + config.certFile();
        List<Certificate> chain = Pem.certificates(certificates, where);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry(
                "client",
                Pem.privateKey(key, config.keyFile().isEmpty() ? "key" : "key_file " + config.keyFile()),
                NO_PASSWORD,
                chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static String content(String text, String file) throws IOException {
        return file.isEmpty() ? text : Files.readString(Path.of(file));
    }
}
