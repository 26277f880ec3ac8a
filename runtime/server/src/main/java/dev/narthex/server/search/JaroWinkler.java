// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.search;

/**
 * The similarity of Jaro and Winkler. Where a text holds the term as it is, it is the place that counts: 1 at the
 * beginning, 0.1 at the end; such a text is found whatever the threshold, and without a threshold no other is.
 */
final class JaroWinkler {
    private static final int PREFIX = 4;
    private static final double OF_PREFIX = 0.1;
    private static final double OF_PLACE = 0.9;

    private JaroWinkler() {}

    static double score(int[] term, int[] text, double threshold) {
        int at = Fuzziness.indexOf(term, text);
        if (at == 0) {
            return 1;
        }
        if (at > 0) {
            return 1 - OF_PLACE * at / (text.length - term.length);
        }
        double similarity = threshold == 0 ? 0 : similarity(term, text);
        return similarity >= threshold ? similarity : 0;
    }

    private static double similarity(int[] term, int[] text) {
        int window = Math.max(0, Math.max(term.length, text.length) / 2 - 1);
        boolean[] termMet = new boolean[term.length];
        boolean[] textMet = new boolean[text.length];
        int met = 0;
        for (int i = 0; i < term.length; i++) {
            int end = Math.min(text.length, i + window + 1);
            for (int j = Math.max(0, i - window); j < end; j++) {
                if (!textMet[j] && text[j] == term[i]) {
                    termMet[i] = true;
                    textMet[j] = true;
                    met++;
                    break;
                }
            }
        }
        if (met == 0) {
            return 0;
        }
        double transposed = 0;
        int j = 0;
        for (int i = 0; i < term.length; i++) {
            if (termMet[i]) {
                while (!textMet[j]) {
                    j++;
                }
                if (term[i] != text[j]) {
                    transposed += 0.5;
                }
                j++;
            }
        }
        double jaro = (met * (1.0 / term.length) + met * (1.0 / text.length) + (met - transposed) / met) / 3;
        int prefix = 0;
        int most = Math.min(PREFIX, Math.min(term.length, text.length));
        while (prefix < most && term[prefix] == text[prefix]) {
            prefix++;
        }
        return jaro + prefix * OF_PREFIX * (1 - jaro);
    }
}
