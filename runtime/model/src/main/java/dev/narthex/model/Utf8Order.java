// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Comparator;

/**
 * The order of strings by their UTF-8 bytes, which is the order by code points and the order of every Prometheus
 * format. {@link String#compareTo} differs: it sorts surrogate pairs before U+E000 to U+FFFF.
 */
public final class Utf8Order {
    public static final Comparator<String> COMPARATOR = Utf8Order::compare;

    private Utf8Order() {}

    public static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean aPair = Character.isSurrogate(a);
                boolean bPair = Character.isSurrogate(b);
                if (aPair != bPair) {
                    // A surrogate stands for a code point above every other character.
                    return aPair ? 1 : -1;
                }
                return Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
