// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSetOrderTest {
    @Test
    void putsFewerLabelsFirstThenTheMissingOne() {
        List<Labels> sorted = List.of(
                Labels.EMPTY,
                Labels.of("l", "m"),
                Labels.of("l", "n"),
                Labels.of("a", "b"),
                Labels.of("a", "z", "b", "1"),
                Labels.of("a", "z", "b", "2"));
        assertThat(sorted.reversed().stream().sorted(LabelSetOrder.COMPARATOR).toList())
                .isEqualTo(sorted);
    }
}
