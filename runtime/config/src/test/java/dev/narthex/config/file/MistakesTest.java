// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.config.ConfigException;
import org.junit.jupiter.api.Test;

/** What somebody who has made a usual mistake is told. */
class MistakesTest {
    private static String told(String yaml) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> new ConfigLoader(name -> "").prometheus(yaml, "prometheus.yml"));
        assertThat(refused).isNotNull();
        return String.valueOf(refused.getMessage());
    }

    private static String ofJob(String line) {
        return told("scrape_configs:\n- job_name: a\n  " + line + "\n");
    }

    @Test
    void aPartOfANameIsEnoughForAHint() {
        assertThat(told("scrape_configs:\n- job: a\n")).contains("unknown field; did you mean job_name?");
        assertThat(ofJob("basic_auth: {user: x}")).contains("did you mean username?");
        assertThat(ofJob("tls_config: {insecure_skip: true}")).contains("did you mean insecure_skip_verify?");
    }

    @Test
    void twoLettersMayBeExchanged() {
        assertThat(ofJob("dns_sd_configs: [{names: [a], type: A, prot: 80}]")).contains("did you mean port?");
    }

    @Test
    void quotesAroundABooleanAreNamed() {
        assertThat(ofJob("honor_labels: \"true\""))
                .contains("found \"true\" in quotes; true or false without quotes is expected");
    }

    @Test
    void aTextInPlaceOfAListIsToldOnceWithWhatToDo() {
        assertThat(told("rule_files:\n  rules.yml\n"))
                .containsOnlyOnce("found a scalar; a list is expected: put it in brackets, or behind a dash");
    }
}
