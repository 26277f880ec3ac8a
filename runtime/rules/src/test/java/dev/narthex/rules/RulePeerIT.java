// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.GoFloat;
import dev.narthex.testkit.golden.GoldenFile;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real promtool makes of the scenario: the recipe of the golden file. A rule unit test asks for the series at each
 * minute and expects something else, so that promtool prints what it got.
 */
class RulePeerIT {
    private static final Pattern RESULT = Pattern.compile("expr: \"(.*?)\", time: (\\S+),\\s+exp: .*\\s+got: (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(\\{[^}]*}) ([-+.0-9E]+)");

    @TempDir
    private Path directory;

    @Test
    void promtoolEvaluatesAsTheGoldenFileSays() throws Exception {
        Files.writeString(directory.resolve("rules.yml"), RuleScenario.text("rules.yml"));
        Files.writeString(directory.resolve("test.yml"), test());
        CommandResult result = CommandResult.of(
                Peers.promtool(), "test", "rules", directory.resolve("test.yml").toString());
        String output = result.output() + result.errors();
        List<String> lines = new ArrayList<>();
        Matcher found = RESULT.matcher(output);
        while (found.find()) {
            Matcher sample = SAMPLE.matcher(found.group(3));
            while (sample.find()) {
                lines.add(minute(found.group(2)) + " " + sample.group(1) + " "
                        + GoFloat.general(GoFloat.parse(sample.group(2))));
            }
        }
        if (lines.isEmpty()) {
            throw new AssertionError(output);
        }
        lines.sort(null);
        GoldenFile.of(RuleScenario.AREA, RuleScenario.RESULTS).assertMatches(String.join("\n", lines) + "\n");
    }

    private static String minute(String time) {
        return String.format(Locale.ROOT, "%02d", time.equals("0s") ? 0 : Integer.parseInt(time.replace("m", "")));
    }

    private static String test() {
        StringBuilder test = new StringBuilder(
                "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n");
        for (RuleScenario.Series series : RuleScenario.series()) {
            test.append("  - {series: '" + series.name() + "', values: '" + String.join(" ", series.values()) + "'}\n");
        }
        test.append("  promql_expr_test:\n");
        for (int minute = 0; minute < RuleScenario.MINUTES; minute++) {
            for (String metric : RuleScenario.METRICS) {
                test.append("  - {eval_time: " + minute + "m, expr: '" + metric
                        + "', exp_samples: [{labels: other, value: 1}]}\n");
            }
        }
        return test.toString();
    }
}
