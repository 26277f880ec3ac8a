// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.discovery.kubernetes.FieldSelector.Term;
import org.junit.jupiter.api.Test;

class FieldSelectorTest {
    @Test
    void readsTerms() {
        assertThat(FieldSelector.parse("a=1, b==2,status.phase!=Failed,status.phase!=Succeeded")
                        .terms())
                .containsExactly(
                        new Term("a", true, "1"),
                        new Term("b", true, "2"),
                        new Term("status.phase", false, "Failed"),
                        new Term("status.phase", false, "Succeeded"));
        assertThat(FieldSelector.parse("").terms()).isEmpty();
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> FieldSelector.parse("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field selector: found \"a\"; accepted are name=value and name!=value with commas between");
    }
}
