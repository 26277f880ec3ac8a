// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {
    private final MemoryAccount account = new MemoryAccount(3_000);

    @Test
    void bodiesShareWhatThereIs() {
        BodyMemory first = new BodyMemory(account);
        assertThat(first.growTo(600)).isTrue();
        assertThat(first.growTo(700)).isTrue();
        BodyMemory second = new BodyMemory(account);
        assertThat(second.growTo(301)).isFalse();
        assertThat(second.growTo(300)).isTrue();
        assertThat(second.fitsAlone(1_000)).isTrue();
        assertThat(second.fitsAlone(1_001)).isFalse();
        first.giveBack();
        first.giveBack();
        assertThat(account.bytes()).isEqualTo(900);
    }

    @Test
    void whatWasHandedOnIsGivenBackByWhoAnswers() {
        BodyMemory body = new BodyMemory(account);
        assertThat(body.growTo(100)).isTrue();
        body.hand();
        body.giveBackUnlessHanded();
        assertThat(account.bytes()).isEqualTo(300);
        body.giveBack();
        assertThat(account.bytes()).isZero();
        BodyMemory broken = new BodyMemory(account);
        assertThat(broken.growTo(100)).isTrue();
        broken.giveBackUnlessHanded();
        assertThat(account.bytes()).isZero();
    }
}
