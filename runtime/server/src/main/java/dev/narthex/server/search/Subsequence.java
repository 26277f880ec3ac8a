// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.search;

/**
 * A text meets a term whose characters stand in it in their order. The longer the runs of neighbours, the better; what
 * stands before, between and behind them takes from that. A text that begins with the term is met whole.
 */
final class Subsequence {
    /** Only a text that begins with the term has it all. */
    private static final double BEST_WITHIN = 0.999;

    private Subsequence() {}

    static double score(int[] term, int[] text) {
        if (Fuzziness.indexOf(term, text) == 0) {
            return 1;
        }
        double best = 0;
        for (int start = 0; start + term.length <= text.length; start++) {
            if (text[start] == term[0]) {
                double found = from(start, term, text);
                if (found < 0) {
                    break; // what is not there from here on, is not there from further on either
                }
                best = Math.max(best, found);
            }
        }
        return best;
    }

    /** The score where the first character of the term is the one at a position; below 0 where the others do not follow. */
    private static double from(int start, int[] term, int[] text) {
        double share = 1.0 / text.length;
        double sum = -start * share;
        double run = 1;
        int last = start;
        for (int i = 1; i < term.length; i++) {
            int next = last + 1;
            while (next < text.length && text[next] != term[i]) {
                next++;
            }
            if (next == text.length) {
                return -1;
            }
            int gap = next - last - 1;
            if (gap == 0) {
                run++;
            } else {
                sum += run * run;
                sum -= gap * share;
                run = 1;
            }
            last = next;
        }
        sum += run * run;
        sum -= (text.length - 1 - last) * share / 2;
        return sum / ((double) term.length * term.length) * BEST_WITHIN;
    }
}
