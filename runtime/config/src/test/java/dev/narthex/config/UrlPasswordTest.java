// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlPasswordTest {
    @ParameterizedTest
    @CsvSource({
        "http://u:p@h:1/a?b=c@d:e, http://u:***@h:1/a?b=c@d:e",
        "http://u:p@q:r@h, http://u:***@h",
        "http://:p@h, http://:***@h",
        "http://u:@h, http://u:***@h",
        "http://u@h:1/, http://u@h:1/",
        "http://h:1/a@b, http://h:1/a@b",
        "http://h:1?a@b, http://h:1?a@b",
        "http://h:1#a@b, http://h:1#a@b",
        "u:p@h, u:p@h",
        "http://, http://",
    })
    void hidesWhatStandsBetweenColonAndHost(String url, String shown) {
        assertThat(UrlPassword.inErrors(url)).isEqualTo(shown);
        assertThat(UrlPassword.hidden(url)).isEqualTo(shown.replace("***", "xxxxx"));
    }
}
