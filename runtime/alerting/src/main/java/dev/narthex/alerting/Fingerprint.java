// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Alertmanager's short name of a label set: FNV-1a of 64 bits over names and values in order, each followed by a byte of
 * ones. Shown as 16 hexadecimal digits.
 */
final class Fingerprint {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int SEPARATOR = 0xff;

    private Fingerprint() {}

    static long of(Labels labels) {
        long hash = OFFSET;
        for (int i = 0; i < labels.size(); i++) {
            hash = add(hash, labels.name(i));
            hash = add(hash, labels.value(i));
        }
        return hash;
    }

    static String hex(Labels labels) {
        return HexFormat.of().toHexDigits(of(labels));
    }

    private static long add(long hash, String text) {
        long next = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            next = (next ^ (b & 0xff)) * PRIME;
        }
        return (next ^ SEPARATOR) * PRIME;
    }
}
