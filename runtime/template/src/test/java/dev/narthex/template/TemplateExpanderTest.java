// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the golden file cannot hold, since promtool lacks the function or has no limit. */
class TemplateExpanderTest {
    private static final AlertTemplateValues VALUES = new AlertTemplateValues(Labels.of("a", "b"), Labels.EMPTY, 3);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{ externalURL }} {{ pathPrefix }}     | http://monitor.example/prom /prom
            {{ now }}                              | 1.5
            {{ toDuration 5400.0 }}                | 1h30m0s
            {{ toDuration 0.02 }}                  | 20ms
            {{ toDuration -1.5 }}                  | -1.5s
            {{ (toDuration 90.0).Minutes }}        | 1.5
            {{ humanizeDuration (toDuration 90.0) }} | 1m 30s
            {{ urlQueryEscape "a b&c" }}           | a+b%26c
            """)
    void knowsFunctionsOfLaterPrometheus(String template, String expected) {
        assertThat(expand(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{ 1i }} {{ 1.5-2.5i }} {{ -1-1i }}        | (0+1i) (1.5-2.5i) (-1-1i)
            {{ 1e21+1e-7i }} {{ 010i }} {{ 1+0x2p1i }} | (1e+21+1e-07i) (0+10i) (1+4i)
            {{ eq 1i 1i }} {{ ne 1i 2i }} {{ not 0i }} | true true true
            {{ printf "%v %T" 2i 2i }}                 | (0+2i) complex128
            """)
    void knowsComplexNumbers(String template, String expected) {
        assertThat(expand(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "{{ 1+2 }}, bad number syntax: \"1+2\"",
        "{{ 1i2 }}, bad number syntax: \"1i2\"",
        "{{ 0x1i }}, illegal number syntax: \"0x1i\"",
        "{{ 1e400i }}, illegal number syntax: \"1e400i\"",
        "{{ 1+i }}, syntax: \"1+i\"",
        "{{ humanize 1i }}, convert complex128 to float",
        "{{ eq 1i 1 }}, complex128 and int",
        "{{ lt 1i 2i }}, invalid type for comparison"
    })
    void refusesWhatComplexNumbersCannotDo(String template, String message) {
        assertThatThrownBy(() -> expand(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void queriesAtTheTimeOfEvaluation() {
        List<String> asked = new ArrayList<>();
        TemplateExpander expander = new TemplateExpander(
                (expression, timestampMs) -> {
                    asked.add(expression + "@" + timestampMs);
                    return List.of();
                },
                "");
        AlertTemplate template = AlertTemplate.parse("A", "{{ range query \"up\" }}{{ end }}");
        assertThat(expander.expand(template, VALUES, 1500)).isEmpty();
        assertThat(asked).containsExactly("up@1500");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{ range 10000000 }}{{ end }}                            | exceeded 5000000 steps
            {{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }} | exceeded maximum template depth (500)
            {{ range 1000000 }}0123456789{{ end }}                   | exceeded 4194304 characters of output
            """)
    void stopsWhatWouldHoldUpOtherRules(String template, String message) {
        assertThatThrownBy(() -> expand(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{ | ( | 1 | ) | }}
            '' | {{if 1}} | 1 | {{end}} | ''
            '' | {{range 1}} | 1 | {{end}} | ''
            '' | {{with 1}} | 1 | {{end}} | ''
            {{if 0}} | {{else if 0}} | 1 | '' | {{end}}
            """)
    void refusesWhatNestsTooDeeply(String begin, String open, String inside, String close, String end) {
        assertThatThrownBy(() -> expand(begin + open.repeat(100_000) + inside + close.repeat(100_000) + end))
                .isInstanceOf(TemplateException.class)
                .hasMessageEndingWith("nested too deep; at most 500 levels");
        assertThat(expand(begin + open.repeat(490) + inside + close.repeat(490) + end))
                .isIn("", "1");
    }

    @Test
    void stopsTemplatesThatCallEachOtherFromDeepWithin() {
        String deep = "{{if 1}}".repeat(400) + "{{ template \"t\" }}" + "{{end}}".repeat(400);
        assertThatThrownBy(() -> expand("{{ define \"t\" }}" + deep + "{{ end }}{{ template \"t\" }}"))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> expand("{{ match \"" + "(".repeat(2000) + ")".repeat(2000) + "\" \"a\" }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("expression nests too deeply");
    }

    @Test
    void saysWhichLineIsWrong() {
        assertThatThrownBy(() -> AlertTemplate.parse("A", "a\nb {{ nope }}"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.line()).isEqualTo(2))
                .hasMessage("template: __alert_A:2: function \"nope\" not defined");
    }

    @Test
    void expandsWithoutLabelsOfTheServer() {
        assertThat(expand("{{ len $externalLabels }} {{ $externalLabels.region }}"))
                .isEqualTo("0 ");
    }

    private static String expand(String text) {
        TemplateExpander expander = new TemplateExpander(TemplateQuery.NONE, "http://monitor.example/prom");
        return expander.expand(AlertTemplate.parse("A", text), VALUES, 1500);
    }
}
