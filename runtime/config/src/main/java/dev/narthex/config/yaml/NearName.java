// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that somebody who made a typing error had in mind. */
public final class NearName {
    private NearName() {}

    /** {@code ; did you mean scheme?} or, where no name is near, the accepted names. */
    public static String hint(String found, Collection<String> accepted) {
        String best = "";
        int bestDistance = Math.max(1, found.length() / 3) + 1;
        for (String name : accepted) {
            int distance = distance(found, name);
            if (distance < bestDistance || (distance == bestDistance && !best.isEmpty() && name.compareTo(best) < 0)) {
                best = name;
                bestDistance = distance;
            }
        }
        if (best.isEmpty() && found.length() > 2) {
            // A part of a name, or a name with two letters exchanged.
            best = accepted.stream()
                    .filter(name -> name.startsWith(found + "_") || isExchanged(found, name))
                    .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                    .or(() -> accepted.stream()
                            .filter(name -> name.startsWith(found))
                            .sorted()
                            .findFirst())
                    .orElse("");
        }
        if (!best.isEmpty()) {
            return "; did you mean " + best + "?";
        }
        return "; accepted are " + String.join(", ", accepted.stream().sorted().toList());
    }

    private static boolean isExchanged(String found, String name) {
        if (found.length() != name.length()) {
            return false;
        }
        int at = 0;
        while (at < found.length() && found.charAt(at) == name.charAt(at)) {
            at++;
        }
        return at + 1 < found.length()
                && found.charAt(at) == name.charAt(at + 1)
                && found.charAt(at + 1) == name.charAt(at)
                && found.substring(at + 2).equals(name.substring(at + 2));
    }

    /** Levenshtein's distance: insertions, deletions and replacements of single characters. */
    static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        int[] current = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replace = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[right.length()];
    }
}
