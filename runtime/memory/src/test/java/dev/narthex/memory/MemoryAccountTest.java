// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryAccountTest {
    private final MemoryAccount account = new MemoryAccount(1000);

    @Test
    void sumsTagsAndTellsRoom() {
        account.tag("series").take(600);
        account.tag("chunks").take(300);

        assertThat(account.bytes()).isEqualTo(900);
        assertThat(account.bytesPerTag()).isEqualTo(Map.of("chunks", 300L, "series", 600L));
        assertThat(account.hasRoom(100)).isTrue();
        assertThat(account.hasRoom(101)).isFalse();

        account.tag("chunks").giveBack(300);
        assertThat(account.hasRoom(400)).isTrue();
    }

    @Test
    void whatIsBegunMayGoAboveTheLimit() {
        account.tag("chunks").take(2000);

        assertThat(account.bytes()).isEqualTo(2000);
        assertThat(account.hasRoom(0)).isFalse();
    }

    @Test
    void entersWhatStaysWithinTheLimitOnly() {
        account.tag("series").take(600);

        assertThat(account.tag("queries").tryTake(401)).isFalse();
        assertThat(account.bytes()).isEqualTo(600);
        assertThat(account.tag("queries").tryTake(400)).isTrue();
        assertThat(account.bytesPerTag()).isEqualTo(Map.of("queries", 400L, "series", 600L));
    }

    @Test
    void refusesToTakeBackMoreThanWasGiven() {
        account.tag("series").take(10);

        assertThatThrownBy(() -> account.tag("series").giveBack(11))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("series");
    }

    @Test
    void refusesALimitOfNothing() {
        assertThatThrownBy(() -> new MemoryAccount(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 0 bytes");
    }

    @Test
    void hasNoRoomForWhatIsBeyondAllNumbers() {
        MemoryAccount account = new MemoryAccount(1000);
        account.tag("queries").take(900);
        assertThat(account.tag("queries").tryTake(Long.MAX_VALUE)).isFalse();
        assertThat(account.tag("queries").tryTake(Long.MAX_VALUE - 899)).isFalse();
        assertThat(account.bytes()).isEqualTo(900);
        MemoryAccount endless = new MemoryAccount(Long.MAX_VALUE);
        endless.tag("queries").take(5);
        assertThat(endless.tag("queries").tryTake(Long.MAX_VALUE)).isFalse();
        assertThat(endless.tag("queries").tryTake(Long.MAX_VALUE - 5)).isTrue();
    }
}
