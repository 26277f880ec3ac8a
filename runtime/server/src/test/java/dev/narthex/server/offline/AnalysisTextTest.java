// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.tsdb.block.BlockAnalysis.Spread;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected texts were printed by {@code promtool tsdb analyze --extended} (3.5.3) for blocks with such chunks. */
class AnalysisTextTest {
    private static String spread(List<Integer> values, int total) {
        AnalysisText text = new AnalysisText(1);
        text.spread("bytes per float chunk", new Spread(values), total);
        return text.text();
    }

    @Test
    void bothEndsOfARangeArePaddedToTheirOwnWidth() {
        assertThat(spread(Collections.nCopies(12, 988), 14)).isEqualTo("""
                bytes per float chunk (min/avg/max): 988/988/988
                [981,  990]: 12 #####################################################################################
                [991, 1000]:  0\s

                """);
    }

    @Test
    void aRangeInWhichNothingLiesHasNoBar() {
        assertThat(spread(List.of(283, 290), 14)).isEqualTo("""
                bytes per float chunk (min/avg/max): 283/286/290
                [281, 290]: 1 #######
                [291, 300]: 1 #######
                [301, 310]: 0\s

                """);
    }
}
