// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapedHtmlTest {
    @Test
    void refersToWhatMeansSomethingAndLeavesTheRest() {
        assertThat(EscapedHtml.of("<a href=\"x\">'é' & b</a>"))
                .isEqualTo("&lt;a href=&#34;x&#34;&gt;&#39;é&#39; &amp; b&lt;/a&gt;");
    }
}
