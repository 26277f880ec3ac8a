// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadersTest {
    private final Readers readers = new Readers();

    @Test
    void whoLooksAtSeriesOnlyKeepsNoCommit() {
        readers.complete(5);
        int index = readers.enterWithoutSamples();
        assertThat(readers.oldestCommit()).isEqualTo(Long.MAX_VALUE);

        int samples = readers.enter(0);
        readers.complete(6);
        assertThat(readers.oldestCommit()).isEqualTo(5);

        readers.leave(index);
        readers.leave(samples);
        assertThat(readers.active()).isZero();
    }

    @Test
    void whoLooksAtSeriesOnlyKeepsWhatHeMayHold() {
        long taken = readers.epoch();
        int index = readers.enterWithoutSamples();
        assertThat(readers.advance()).isEqualTo(taken);

        readers.leave(index);
        assertThat(readers.advance()).isGreaterThan(taken);
    }
}
