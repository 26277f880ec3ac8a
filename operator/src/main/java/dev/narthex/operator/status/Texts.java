// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts as a status has them. */
final class Texts {
    private static final String[] UNITS = {"Ki", "Mi", "Gi", "Ti", "Pi"};

    private Texts() {}

    /** A text cut to a length, with an ellipsis where something is missing. */
    static String atMost(int length, String text) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    /** The same, null for an empty text: nothing is to stand in the status. */
    static @Nullable String orNull(int length, String text) {
        return text.isEmpty() ? null : atMost(length, text);
    }

    /** Bytes for people: {@code 512}, {@code 7.1Gi}. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f%s", value, UNITS[unit]);
    }
}
