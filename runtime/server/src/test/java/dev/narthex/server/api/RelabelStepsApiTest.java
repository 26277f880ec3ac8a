// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Relabelling step by step, byte for byte as Prometheus 3.15 answered: {@code steps.txt} has the rules of a job, the labels
 * and the answer, each on a line.
 */
class RelabelStepsApiTest {
    private static final Path RECORDED = Path.of("src", "test", "resources", "golden", "relabel", "steps.txt");

    private static ScrapeConfig job(String rules) throws ConfigException {
        String yaml = "scrape_configs: [{job_name: j, relabel_configs: " + rules + "}]";
        return new ConfigLoader(_ -> "")
                .prometheus(yaml, "prometheus.yml")
                .scrapeConfigs()
                .getFirst();
    }

    private static String answer(String rules, String pool, String labels) throws ConfigException, IOException {
        ScrapeConfig job = job(rules);
        RelabelStepsApi api = new RelabelStepsApi(name -> Optional.of(job).filter(some -> name.equals(some.jobName())));
        return Answers.text(api.steps(
                Request.get("/api/v1/targets/relabel_steps", "scrapePool=" + pool + "&labels=" + encoded(labels))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aModulusHasAllOf64Bits() throws Exception {
        String rule = "[{action: hashmod, source_labels: [a], target_label: b, modulus: %s}]";
        for (String modulus : List.of("18446744073709551615", "0xffffffffffffffff")) {
            assertThat(answer(rule.replace("%s", modulus), "j", "{}"))
                    .contains("\"modulus\":18446744073709551615", "{\"b\":\"16825458760271544958\"}");
        }
        assertThat(answer(rule.replace("%s", "9223372036854775808"), "j", "{}"))
                .contains("\"modulus\":9223372036854775808", "{\"b\":\"7602086723416769150\"}");
        assertThatThrownBy(() -> answer(rule.replace("%s", "18446744073709551616"), "j", "{}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("modulus");
    }

    @Test
    void answersAsPrometheus() throws Exception {
        List<String> lines = Files.readAllLines(RECORDED);
        assertThat(lines).hasSize(180);
        for (int i = 0; i < lines.size(); i += 3) {
            assertThat(answer(lines.get(i), "j", lines.get(i + 1)))
                    .as(lines.get(i) + " of " + lines.get(i + 1))
                    .isEqualTo(lines.get(i + 2));
        }
    }

    @Test
    void nullStandsForNoLabelsAndNoLabel() throws Exception {
        String rules = "[{target_label: b, replacement: c}]";
        assertThat(answer(rules, "j", "null")).contains("\"output\":{\"b\":\"c\"}");
        assertThat(answer(rules, "j", "{\"a\": null, \"d\": \"\"}")).contains("\"output\":{\"b\":\"c\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "junk",
                "[1]",
                "\"x\"",
                "{\"a\":1}",
                "{\"a\":[\"b\"]}",
                "{\"a\":{}}",
                "{\"a\":\"b\"} x",
                "{\"\":\"b\"}"
            })
    void refusesWhatIsNoObjectOfStrings(String labels) {
        assertThatThrownBy(() -> answer("[]", "j", labels))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("error parsing labels: ");
    }

    @Test
    void saysWhichParameterIsMissingAndThatAJobIsNotThere() {
        assertThatThrownBy(() -> answer("[]", "", "{}")).hasMessage("no scrapePool parameter provided");
        assertThatThrownBy(() -> answer("[]", "j", "")).hasMessage("no labels parameter provided");
        assertThatThrownBy(() -> answer("[]", "k", "{}"))
                .hasMessage("error retrieving scrape config: scrape pool \"k\" not found");
        assertThatThrownBy(() -> answer("[]", "k", "junk")).hasMessageStartingWith("error parsing labels: ");
    }
}
