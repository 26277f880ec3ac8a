// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Checks passwords against bcrypt hashes (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), of the
 * versions 2, 2a, 2b and 2y.
 */
final class Bcrypt {
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final byte[] MAGIC = "OrpheanBeholderScryDoubt".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT_BYTES = 16;
    private static final int SALT_CHARS = 22;
    /** The last byte of the 24 is not part of a hash. */
    private static final int HASH_BYTES = 23;

    private static final int HASH_CHARS = 31;
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 31;
    private static final int ENCRYPTIONS = 64;

    private Bcrypt() {}

    /** Whether a password belongs to a hash, which takes the same time either way; false for what is no hash. */
    static boolean matches(byte[] password, String hash) {
        int costAt = hash.startsWith("$2$") ? 3 : 4;
        int saltAt = costAt + 3;
        if (!hash.startsWith("$2")
                || hash.length() != saltAt + SALT_CHARS + HASH_CHARS
                || hash.charAt(costAt - 1) != '$'
                || hash.charAt(saltAt - 1) != '$') {
            return false;
        }
        int cost = Character.digit(hash.charAt(costAt), 10) * 10 + Character.digit(hash.charAt(costAt + 1), 10);
        byte[] salt = decode(hash.substring(saltAt, saltAt + SALT_CHARS), SALT_BYTES);
        byte[] wanted = decode(hash.substring(saltAt + SALT_CHARS), HASH_BYTES);
        if (cost < MIN_COST || cost > MAX_COST || salt.length == 0 || wanted.length == 0) {
            return false;
        }
        return MessageDigest.isEqual(wanted, hash(password, salt, cost));
    }

    private static byte[] hash(byte[] password, byte[] salt, int cost) {
        // The terminating zero of C's strings is part of the key.
        byte[] key = Arrays.copyOf(password, password.length + 1);
        Blowfish cipher = new Blowfish();
        cipher.expand(salt, key);
        byte[] none = new byte[SALT_BYTES];
        for (long i = 0; i < 1L << cost; i++) {
            cipher.expand(none, key);
            cipher.expand(none, salt);
        }
        byte[] text = MAGIC.clone();
        for (int i = 0; i < ENCRYPTIONS; i++) {
            for (int at = 0; at < text.length; at += Blowfish.BLOCK_BYTES) {
                cipher.encrypt(text, at);
            }
        }
        return Arrays.copyOf(text, HASH_BYTES);
    }

    /** Bytes from six bits a character, highest first; empty where a character has no value. */
    private static byte[] decode(String text, int count) {
        byte[] bytes = new byte[count];
        int bits = 0;
        int buffer = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return new byte[0];
            }
            buffer = (buffer << 6) | value;
            bits += 6;
            if (bits >= Byte.SIZE && at < count) {
                bits -= Byte.SIZE;
                bytes[at++] = (byte) (buffer >>> bits);
            }
        }
        return bytes;
    }
}
