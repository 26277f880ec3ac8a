// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemorySharesTest {
    @Test
    void sharesLeaveSomethingOver() {
        MemoryShares shares = new MemoryShares(1000);
        assertThat(shares.seriesBytes() + shares.queryBytes() + shares.bodyBytes())
                .isLessThan(1000);
    }

    @Test
    void queriesHoldWhatTheyMayOrWhatFits() {
        assertThat(new MemoryShares(16L << 30).samples(50_000_000)).isEqualTo(50_000_000);
        assertThat(new MemoryShares(80L << 20).samples(50_000_000)).isEqualTo((80 << 20) / 5 / 16);
        assertThat(new MemoryShares(0).samples(50_000_000)).isEqualTo(1);
    }
}
