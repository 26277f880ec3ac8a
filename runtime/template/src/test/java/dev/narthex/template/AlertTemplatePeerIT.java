// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;
import dev.narthex.testkit.golden.GoldenFile;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real promtool makes of the templates: the recipe of the golden file. The templates become annotations of one
 * alert, in a rule unit test that expects no alert, so that promtool prints what it got instead.
 *
 * <p>Columns of the first line are counted from the start of the template. Prometheus counts them from the start of
 * definitions that it puts in front ({@link #PREFIX_LENGTH} bytes), which helps nobody.
 */
class AlertTemplatePeerIT {
    private static final int PREFIX_LENGTH = 112;
    private static final Pattern REFUSED = Pattern.compile("annotation \"c(\\d+)\": (.*)");
    private static final Pattern ANNOTATION = Pattern.compile("c(\\d{3})=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern FIRST_LINE = Pattern.compile("(template: __alert_A:1:)(\\d+)(: )");
    private static final Pattern POINTERS = Pattern.compile("0x[0-9a-f]{6,}");

    private static final String TEST = """
            rule_files: [rules.yml]
            tests:
            - interval: 1m
              external_labels: {region: eu}
              external_url: http://monitor.example/prom
              input_series:
              - {series: 'm{a="b",c="d"}', values: '3'}
              - {series: 'q{i="1",j="c"}', values: '10'}
              - {series: 'q{i="2",j="a"}', values: '20.5'}
              - {series: 'q{i="3",j="b"}', values: '-1'}
              - {series: 's{__value__="text"}', values: '1'}
              alert_rule_test:
              - {eval_time: 0, alertname: A, exp_alerts: []}
            """;

    @TempDir
    private Path directory;

    @Test
    void promtoolExpandsAsTheGoldenFileSays() throws Exception {
        List<String> templates = AlertTemplateCases.templates();
        Map<Integer, String> results = new TreeMap<>();
        write(templates, results);
        Matcher refused = REFUSED.matcher(promtool());
        while (refused.find()) {
            results.put(Integer.parseInt(refused.group(1)), "refused: " + refused.group(2));
        }
        write(templates, results);
        String output = promtool();
        Matcher annotation = ANNOTATION.matcher(output);
        while (annotation.find()) {
            String text = Literals.unquote("\"" + annotation.group(2) + "\"");
            results.put(Integer.parseInt(annotation.group(1)), comparable(text));
        }
        StringBuilder golden = new StringBuilder();
        for (int i = 0; i < templates.size(); i++) {
            // An annotation that comes out empty is not shown.
            golden.append(AlertTemplateCases.escape(results.getOrDefault(i, "")))
                    .append('\n');
        }
        if (results.size() < templates.size() / 2) {
            throw new AssertionError(output);
        }
        GoldenFile.of(AlertTemplateCases.AREA, AlertTemplateCases.RESULTS).assertMatches(golden.toString());
    }

    private static String comparable(String text) {
        Matcher position = FIRST_LINE.matcher(text);
        String moved = position.replaceAll(
                found -> found.group(1) + (Integer.parseInt(found.group(2)) - PREFIX_LENGTH) + found.group(3));
        return POINTERS.matcher(moved).replaceAll("POINTER");
    }

    private void write(List<String> templates, Map<Integer, String> without) throws IOException {
        StringBuilder rules =
                new StringBuilder("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: m\n    annotations:\n");
        for (int i = 0; i < templates.size(); i++) {
            if (!without.containsKey(i)) {
                rules.append(String.format(Locale.ROOT, "      c%03d: %s%n", i, QuotedString.of(templates.get(i))));
            }
        }
        Files.writeString(directory.resolve("rules.yml"), rules);
        Files.writeString(directory.resolve("test.yml"), TEST);
    }

    private String promtool() throws IOException, InterruptedException {
        CommandResult result = CommandResult.of(
                Peers.promtool(), "test", "rules", directory.resolve("test.yml").toString());
        return result.output() + result.errors();
    }
}
