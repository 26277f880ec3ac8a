// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys in PEM (RFC 7468; keys by PKCS #8, PKCS #1 and SEC 1). */
final class Pem {
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;

    private Pem() {}

    /** All certificates of a text, one at least. */
    static List<Certificate> certificates(String pem, String where) throws IOException {
        List<Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            int at = 0;
            while (true) {
                Section section = section(pem, "CERTIFICATE", at);
                if (section == null) {
                    break;
                }
                all.add(factory.generateCertificate(new ByteArrayInputStream(section.der())));
                at = section.end();
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("tls_config." + where + ": not a certificate in PEM: " + e.getMessage(), e);
        }
        if (all.isEmpty()) {
            throw new IOException("tls_config." + where + ": holds no certificate; it takes PEM");
        }
        return all;
    }

    /** The private key of a text. */
    static PrivateKey privateKey(String pem, String where) throws IOException {
        try {
            Section pkcs8 = section(pem, "PRIVATE KEY", 0);
            if (pkcs8 != null) {
                return anyKey(pkcs8.der());
            }
            Section pkcs1 = section(pem, "RSA PRIVATE KEY", 0);
            if (pkcs1 != null) {
                byte[] der = element(SEQUENCE, VERSION_0, RSA, element(OCTETS, pkcs1.der()));
                return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            }
            Section sec1 = section(pem, "EC PRIVATE KEY", 0);
            if (sec1 != null) {
                byte[] algorithm = element(SEQUENCE, EC_PUBLIC_KEY, curve(sec1.der()));
                byte[] der = element(SEQUENCE, VERSION_0, algorithm, element(OCTETS, sec1.der()));
                return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            }
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("tls_config." + where + ": not a private key: " + e.getMessage(), e);
        }
        throw new IOException("tls_config." + where
                + ": holds no private key that can be read; it takes PEM without a password (PKCS #8, PKCS #1, SEC 1)");
    }

    private static PrivateKey anyKey(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException failure = new GeneralSecurityException("neither RSA nor EC nor Ed25519");
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private record Section(String base64, int end) {
        byte[] der() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    private static @Nullable Section section(String pem, String label, int from) {
        String begin = "-----BEGIN " + label + "-----";
        String finish = "-----END " + label + "-----";
        int start = pem.indexOf(begin, from);
        int end = start < 0 ? -1 : pem.indexOf(finish, start);
        return end < 0 ? null : new Section(pem.substring(start + begin.length(), end), end + finish.length());
    }

    /** The curve of an EC key by SEC 1: the object identifier in its field [0]. */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        int at = contentStart(key, 0);
        while (at < key.length) {
            int content = contentStart(key, at);
            int length = length(key, at);
            if ((key[at] & 0xff) == PARAMETERS) {
                return Arrays.copyOfRange(key, content, content + length);
            }
            at = content + length;
        }
        throw new GeneralSecurityException("it names no curve");
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.write(part, 0, part.length);
        }
        return out.toByteArray();
    }

    /** A text in Base64 as it stands in URLs (RFC 4648, section 5), without padding. */
    static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
