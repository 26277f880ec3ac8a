// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the passwords of basic authentication (RFC 7617). What a check came to is kept under a keyed hash, so that
 * only the first request of a client costs what bcrypt costs; checks come one at a time, so that guessing takes one
 * processor at the most. Safe for use by many threads.
 */
final class Passwords {
    private static final String BASIC = "basic ";
    private static final String MAC = "HmacSHA256";
    private static final int MAX_KEPT = 256;

    /** Checked in place of the hash of a user that there is not, so that the time tells nothing. Of no password. */
    private static final String NOBODY = "$2b$10$abcdefghijklmnopqrstuu0apZdhQTh9HS2CzTFvQRM8Tm7XWEgjS";

    private final SecretKeySpec key;
    private final ReentrantLock checking = new ReentrantLock();
    private final Map<String, Boolean> kept = new LinkedHashMap<>(16, 0.75f, true);

    Passwords(SecureRandom random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, MAC);
    }

    /** What is known already of the credentials of a header; empty where they have to be checked. */
    Optional<Boolean> known(@Nullable String authorization, Map<String, Secret> users) {
        Credentials credentials = Credentials.of(authorization);
        if (credentials == null) {
            return Optional.of(false);
        }
        String name = name(credentials, hash(credentials, users));
        synchronized (kept) {
            return Optional.ofNullable(kept.get(name));
        }
    }

    /** Whether the credentials of a header are those of a user; takes its time. */
    boolean check(@Nullable String authorization, Map<String, Secret> users) {
        Credentials credentials = Credentials.of(authorization);
        if (credentials == null) {
            return false;
        }
        String hash = hash(credentials, users);
        String name = name(credentials, hash);
        checking.lock();
        try {
            Boolean before;
            synchronized (kept) {
                before = kept.get(name);
            }
            if (before != null) {
                return before;
            }
            boolean matches = Bcrypt.matches(credentials.password(), hash) && users.containsKey(credentials.user());
            synchronized (kept) {
                kept.put(name, matches);
                if (kept.size() > MAX_KEPT) {
                    var eldest = kept.keySet().iterator();
                    eldest.next();
                    eldest.remove();
                }
            }
            return matches;
        } finally {
            checking.unlock();
        }
    }

    private static String hash(Credentials credentials, Map<String, Secret> users) {
        Secret hash = users.get(credentials.user());
        return hash == null ? NOBODY : hash.value();
    }

    private String name(Credentials credentials, String hash) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (byte[] part : new byte[][] {
                credentials.user().getBytes(StandardCharsets.UTF_8),
                hash.getBytes(StandardCharsets.UTF_8),
                credentials.password()
            }) {
                mac.update((byte) (part.length >>> 8));
                mac.update((byte) part.length);
                mac.update(part);
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(MAC + " is part of every Java", e);
        }
    }

    /** User and password as a header has them. */
    @SuppressWarnings("ArrayRecordComponent") // it is never compared
    private record Credentials(String user, byte[] password) {
        static @Nullable Credentials of(@Nullable String authorization) {
            if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
                return null;
            }
            byte[] decoded;
            try {
                decoded = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
            } catch (IllegalArgumentException _) {
                return null;
            }
            int colon = 0;
            while (colon < decoded.length && decoded[colon] != ':') {
                colon++;
            }
            return colon == decoded.length
                    ? null
                    : new Credentials(
                            new String(decoded, 0, colon, StandardCharsets.UTF_8),
                            Arrays.copyOfRange(decoded, colon + 1, decoded.length));
        }
    }
}
