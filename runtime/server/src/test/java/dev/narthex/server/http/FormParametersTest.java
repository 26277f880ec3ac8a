// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormParametersTest {
    @Test
    void decodesNamesAndValues() {
        FormParameters parameters =
                FormParameters.parse("", "query=up%7Bjob%3D%22a+b%22%7D&m%61tch[]=x&match[]=%C3%A9");

        assertThat(parameters.first("query")).isEqualTo("up{job=\"a b\"}");
        assertThat(parameters.all("match[]")).containsExactly("x", "é");
    }

    @Test
    void putsTheBodyBeforeTheQueryString() {
        FormParameters parameters = FormParameters.parse("query=body", "query=url&time=1");

        assertThat(parameters.first("query")).isEqualTo("body");
        assertThat(parameters.all("query")).containsExactly("body", "url");
        assertThat(parameters.first("time")).isEqualTo("1");
    }

    @Test
    void leavesOutPairsThatCannotBeDecodedAndKeepsTheRest() {
        FormParameters parameters = FormParameters.parse("", "a=%ZZ&b=%4&c;d=1&e=2&&f&%=3");

        assertThat(parameters.first("a")).isEmpty();
        assertThat(parameters.first("b")).isEmpty();
        assertThat(parameters.all("c;d")).isEmpty();
        assertThat(parameters.first("e")).isEqualTo("2");
        assertThat(parameters.all("f")).containsExactly("");
    }

    @Test
    void hasNothingWhereNothingWasSent() {
        assertThat(FormParameters.parse("", "").all("query")).isEmpty();
        assertThat(FormParameters.NONE.first("query")).isEmpty();
    }
}
