// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How far a text meets a term: the algorithms of {@code fuzz_alg}, found by looking at what Prometheus 3.15 answers. */
public enum Fuzziness {
    SUBSEQUENCE("subsequence") {
        @Override
        double score(int[] term, int[] text, double threshold) {
            double score = Subsequence.score(term, text);
            return score >= threshold ? score : 0;
        }
    },
    JARO_WINKLER("jarowinkler") {
        @Override
        double score(int[] term, int[] text, double threshold) {
            return JaroWinkler.score(term, text, threshold);
        }
    };

    private final String text;

    Fuzziness(String text) {
        this.text = text;
    }

    /** The value of the parameter. */
    public String text() {
        return text;
    }

    /** The algorithm of a name; null where there is none. */
    public static @Nullable Fuzziness of(String name) {
        return Arrays.stream(values())
                .filter(one -> one.text.equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * From 0, where a text does not meet a term at all, to 1.
     *
     * @param term code points, at least one
     * @param threshold the least score, from 0 to 1; of less it is 0
     */
    abstract double score(int[] term, int[] text, double threshold);

    /** Where a term stands in a text first, -1 for nowhere. */
    static int indexOf(int[] term, int[] text) {
        for (int at = 0; at + term.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + term.length, term, 0, term.length)) {
                return at;
            }
        }
        return -1;
    }
}
