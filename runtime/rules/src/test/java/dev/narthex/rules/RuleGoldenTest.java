// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Our evaluation of the scenario that a real promtool has evaluated ({@link RulePeerIT}). */
class RuleGoldenTest {
    private static final long MINUTE_MS = 60_000;

    @Test
    void evaluatesAsPromtool() throws Exception {
        FakeStorage storage = new FakeStorage();
        RuleServices services = new RuleServices(
                new EngineQueries(storage), storage, storage, _ -> {}, new ManualScheduler(), RuleOptions.defaults(""));
        List<RuleGroup> groups = new ArrayList<>();
        for (RuleGroupConfig config : new ConfigLoader(_ -> "").rules(RuleScenario.text("rules.yml"), "rules.yml")) {
            groups.add(new RuleGroup(new GroupSettings(config, Duration.ofMinutes(1), Labels.EMPTY), services, false));
        }
        List<String> lines = new ArrayList<>();
        for (int minute = 0; minute < RuleScenario.MINUTES; minute++) {
            long timestampMs = minute * MINUTE_MS;
            addInputs(storage, minute, timestampMs);
            groups.forEach(group -> group.evaluate(timestampMs));
            for (String metric : RuleScenario.METRICS) {
                for (QueryFunction.Sample sample : storage.query(metric, timestampMs)) {
                    lines.add(String.format(
                            Locale.ROOT, "%02d %s %s", minute, sample.labels(), GoFloat.general(sample.value())));
                }
            }
        }
        lines.sort(null);
        assertThat(String.join("\n", lines) + "\n").isEqualTo(RuleScenario.text(RuleScenario.RESULTS));
    }

    private static void addInputs(FakeStorage storage, int minute, long timestampMs) {
        for (RuleScenario.Series series : RuleScenario.series()) {
            if (minute < series.values().size() && !series.values().get(minute).equals("_")) {
                String value = series.values().get(minute);
                storage.add(
                        series.labels(),
                        timestampMs,
                        value.equals("stale") ? StalenessMarker.VALUE : GoFloat.parse(value));
            }
        }
    }
}
