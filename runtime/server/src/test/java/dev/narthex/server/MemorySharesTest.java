// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemorySharesTest {
    @Test
    void sharesLeaveSomethingOver() {
        MemoryShares shares = new MemoryShares(1000);
        assertThat(shares.seriesBytes() + shares.queriesBytes() + shares.bodyBytes())
                .isLessThan(1000);
    }

    @Test
    void whatTheServerItselfNeedsIsNoPartOfThem() {
        assertThat(new MemoryShares(60L << 20).seriesBytes()).isEqualTo(24L << 20);
        assertThat(new MemoryShares(132L << 20).seriesBytes()).isEqualTo(60L << 20);
        assertThat(new MemoryShares(1056L << 20).bodyBytes()).isEqualTo((1024L << 20) / 10);
    }

    @Test
    void oneQueryLeavesRoomForOthers() {
        MemoryShares shares = new MemoryShares(1000);
        assertThat(shares.queryBytes()).isLessThan(shares.queriesBytes());
    }

    @Test
    void queriesHoldWhatTheyMayOrWhatFits() {
        assertThat(new MemoryShares(16L << 30).samples(50_000_000)).isEqualTo(50_000_000);
        assertThat(new MemoryShares(112L << 20).samples(50_000_000)).isEqualTo((80 << 20) / 5 / 16);
        assertThat(new MemoryShares(0).samples(50_000_000)).isEqualTo(1);
    }
}
