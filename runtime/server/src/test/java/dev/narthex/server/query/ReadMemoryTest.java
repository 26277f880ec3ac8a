// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.value.QueryException;
import org.junit.jupiter.api.Test;

class ReadMemoryTest {
    private final MemoryAccount account = new MemoryAccount(1_000);
    private final ReadMemory memory = new ReadMemory(600, account);

    @Test
    void answersAreRefusedWithBothFigures() throws Exception {
        try (ReadMemory.Held held = memory.begin()) {
            held.take(500);
            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> held.take(200))
                    .withMessageContaining("too much memory: at least 700 bytes, the limit of an answer is 600 bytes");
            try (ReadMemory.Held other = memory.begin()) {
                assertThatExceptionOfType(QueryException.class)
                        .isThrownBy(() -> other.take(501))
                        .withMessageContaining("all that are made 1001 bytes, their limit together is 1000 bytes");
            }
            assertThat(held.bytes()).isEqualTo(500);
        }
        assertThat(account.bytes()).isZero();
        memory.during(10, () -> assertThat(account.bytes()).isEqualTo(10));
        assertThat(account.bytes()).isZero();
    }

    @Test
    void nothingIsTakenForAnAnswerThatWasGivenUp() {
        ReadMemory.Held held = memory.begin();
        held.close();
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> held.take(1));
        assertThat(account.bytes()).isZero();
    }
}
