// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Says whether the certificate of a server and its private key can be used together. */
public final class CertificateCheck {
    private static final byte[] SIGNED = "narthex".getBytes(StandardCharsets.US_ASCII);

    private CertificateCheck() {}

    /**
     * Checks a certificate and a key in PEM.
     *
     * @throws IOException where either cannot be read, or the key is that of another certificate
     */
    public static void pair(String certificates, String key) throws IOException {
        PublicKey publicKey = Pem.certificates(certificates, "cert").getFirst().getPublicKey();
        PrivateKey privateKey = Pem.privateKey(key, "key");
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(SIGNED);
            byte[] made = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SIGNED);
            if (signature.verify(made)) {
                return;
            }
        } catch (GeneralSecurityException _) {
            // Keys of two kinds do not belong together either.
        }
        throw new IOException("tls: the private key is not that of the certificate; give the two that belong together");
    }
}
