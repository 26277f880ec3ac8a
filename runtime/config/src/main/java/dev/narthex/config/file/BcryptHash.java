// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import org.jspecify.annotations.Nullable;

/**
 * What a bcrypt hash looks like: {@code $2y$10$} and 53 characters. As lenient as Prometheus, which takes any version up to
 * 2 and any characters after the cost: such a hash fits no password.
 */
final class BcryptHash {
    private static final int SHORTEST = 59;
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 31;

    private BcryptHash() {}

    /** What is wrong with a hash, without quoting it; null where nothing is. */
    static @Nullable String problem(String hash) {
        if (hash.length() < SHORTEST) {
            return "is too short for a bcrypt hash";
        }
        if (hash.charAt(0) != '$') {
            return "does not start with $ as a bcrypt hash does";
        }
        if (hash.charAt(1) > '2') {
            return "is of a version of bcrypt that is not known; 2 is the newest";
        }
        int at = hash.charAt(2) == '$' ? 3 : 4;
        char tens = hash.charAt(at);
        char ones = hash.charAt(at + 1);
        boolean signed = (tens == '-' || tens == '+') && isDigit(ones);
        if (!signed && !(isDigit(tens) && isDigit(ones))) {
            return "has no cost in two digits";
        }
        int cost = signed ? (tens == '-' ? -(ones - '0') : ones - '0') : (tens - '0') * 10 + ones - '0';
        return cost < MIN_COST || cost > MAX_COST
                ? "has cost " + cost + ", outside " + MIN_COST + " to " + MAX_COST
                : null;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
