// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.search;

import java.util.List;
import java.util.Locale;

/**
 * What is searched for: a text meets one of the terms, or each where there are none. For one thread.
 */
public final class SearchTerms {
    /** The score of a text where nothing is searched for. */
    private static final double ALL = 1;

    private final List<int[]> terms;
    private final Fuzziness fuzziness;
    private final double threshold;
    private final boolean caseSensitive;

    /**
     * Makes terms; empty ones are left out.
     *
     * @param threshold the least score of a text, from 0 to 1
     */
    public SearchTerms(List<String> terms, Fuzziness fuzziness, double threshold, boolean caseSensitive) {
        this.fuzziness = fuzziness;
        this.threshold = threshold;
        this.caseSensitive = caseSensitive;
        this.terms = terms.stream()
                .filter(term -> !term.isEmpty())
                .map(this::codePoints)
                .toList();
    }

    /** Whether nothing is searched for. */
    public boolean isEmpty() {
        return terms.isEmpty();
    }

    /** The best score over the terms; 0 where a text is not to be shown. */
    public double score(String text) {
        if (terms.isEmpty()) {
            return ALL;
        }
        int[] codePoints = codePoints(text);
        double best = 0;
        for (int[] term : terms) {
            best = Math.max(best, fuzziness.score(term, codePoints, threshold));
        }
        return best;
    }

    private int[] codePoints(String text) {
        return (caseSensitive ? text : text.toLowerCase(Locale.ROOT))
                .codePoints()
                .toArray();
    }
}
