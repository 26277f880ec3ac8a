// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our expansion of the templates that a real promtool expanded ({@link AlertTemplatePeerIT}). */
class AlertTemplateGoldenTest {
    private static final AlertTemplateValues VALUES =
            new AlertTemplateValues(Labels.of("__name__", "m", "a", "b", "c", "d"), Labels.of("region", "eu"), 3);
    private static final TemplateExpander EXPANDER =
            new TemplateExpander(AlertTemplateGoldenTest::query, "http://monitor.example/prom");

    static Stream<Arguments> cases() {
        List<String> templates = AlertTemplateCases.templates();
        List<String> expected = AlertTemplateCases.expected();
        List<Arguments> cases = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            cases.add(Arguments.of(i, templates.get(i), expected.get(i)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void expandsAsPromtool(int number, String template, String expected) {
        assertThat(expand(template)).as("case %d: %s", number, template).isEqualTo(expected);
    }

    private static String expand(String text) {
        AlertTemplate template;
        try {
            template = AlertTemplate.parse("A", text);
        } catch (TemplateException e) {
            return "refused: " + e.getMessage();
        }
        try {
            return EXPANDER.expand(template, VALUES, 0);
        } catch (TemplateException e) {
            return "<error expanding template: error executing template __alert_A: " + e.getMessage() + ">";
        }
    }

    private static List<TemplateQuery.Sample> query(String expression, long timestampMs) {
        return switch (expression) {
            case "sort(q)" ->
                List.of(
                        sample(-1, "__name__", "q", "i", "3", "j", "b"),
                        sample(10, "__name__", "q", "i", "1", "j", "c"),
                        sample(20.5, "__name__", "q", "i", "2", "j", "a"));
            case "none" -> List.of();
            case "scalar(q{i='1'})" -> List.of(sample(10));
            case "'s'" -> throw new IllegalArgumentException("rule result is not a vector or scalar");
            case "s" -> List.of(sample(1, "__name__", "s", "__value__", "text"));
            case "no(" -> throw new IllegalArgumentException("1:4: parse error: unclosed left parenthesis");
            default -> throw new AssertionError(expression);
        };
    }

    private static TemplateQuery.Sample sample(double value, String... labels) {
        return new TemplateQuery.Sample(Labels.of(labels), value);
    }
}
