// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** What names may look like (Prometheus documentation, "Data model": metric names and labels). */
public final class LabelNames {
    private LabelNames() {}

    /** Whether a label name needs no quotes in PromQL and the text format: {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
    public static boolean isClassic(String name) {
        return isWord(name, false);
    }

    /** Whether a metric name needs no quotes: as a label name, with colons allowed. */
    public static boolean isClassicMetricName(String name) {
        return isWord(name, true);
    }

    /** Whether a name is valid under the UTF-8 scheme: not empty and without a lone surrogate. */
    public static boolean isValidUtf8(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(String name, boolean colons) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !(digit && i > 0)) {
                return false;
            }
        }
        return true;
    }
}
