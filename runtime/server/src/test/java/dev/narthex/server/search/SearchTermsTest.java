// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The scores are those of Prometheus 3.15. */
class SearchTermsTest {
    private static double score(Fuzziness fuzziness, double threshold, String term, String text) {
        return new SearchTerms(List.of(term), fuzziness, threshold, true).score(text);
    }

    @Test
    void scoresSubsequences() {
        assertThat(score(Fuzziness.SUBSEQUENCE, 0, "shop_req", "shop_requests_total"))
                .isEqualTo(1);
        assertThat(score(Fuzziness.SUBSEQUENCE, 0, "shopreq", "shop_requests_total"))
                .isEqualTo(0.502719119226638);
        assertThat(score(Fuzziness.SUBSEQUENCE, 0, "up", "job:up:sum")).isEqualTo(0.84915);
        assertThat(score(Fuzziness.SUBSEQUENCE, 0, "c", "abxabc")).isEqualTo(0.16650000000000006);
        assertThat(score(Fuzziness.SUBSEQUENCE, 0, "xyz", "abxabc")).isZero();
        assertThat(score(Fuzziness.SUBSEQUENCE, 0.6, "abd", "abcdefgh")).isZero();
    }

    @Test
    void scoresBySimilarityWhereThereIsAThreshold() {
        assertThat(score(Fuzziness.JARO_WINKLER, 0.01, "martha", "marhta")).isEqualTo(0.9611111111111111);
        assertThat(score(Fuzziness.JARO_WINKLER, 0, "martha", "marhta")).isZero();
        assertThat(score(Fuzziness.JARO_WINKLER, 0.97, "martha", "marhta")).isZero();
        // What holds the term is found whatever the threshold; the nearer to the end, the worse.
        assertThat(score(Fuzziness.JARO_WINKLER, 1, "abc", "xabc")).isEqualTo(0.09999999999999998);
        assertThat(score(Fuzziness.JARO_WINKLER, 0, "bca", "abcabd")).isEqualTo(0.7);
        assertThat(score(Fuzziness.JARO_WINKLER, 0, "abc", "abcabd")).isEqualTo(1);
    }

    @Test
    void takesTheBestTermAndLeavesEmptyOnesOut() {
        SearchTerms terms = new SearchTerms(List.of("", "UP", "zulu"), Fuzziness.SUBSEQUENCE, 0, false);
        assertThat(terms.score("shop_Zulu")).isEqualTo(0.9643125);
        assertThat(terms.score("up")).isEqualTo(1);
        assertThat(terms.score("abc")).isZero();
        assertThat(new SearchTerms(List.of(""), Fuzziness.SUBSEQUENCE, 0.5, true).score("abc"))
                .isEqualTo(1);
    }
}
