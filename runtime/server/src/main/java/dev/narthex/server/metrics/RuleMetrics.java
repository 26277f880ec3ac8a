// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import dev.narthex.rules.GroupView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** {@code prometheus_rule_*}, by group. */
public final class RuleMetrics implements MetricSource {
    private static final String LABEL = "rule_group";

    private final Supplier<List<GroupView>> groups;

    public RuleMetrics(Supplier<List<GroupView>> groups) {
        this.groups = groups;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        List<GroupView> now = groups.get();
        counter(out, now, "evaluations_total", "The total number of rule evaluations.", group ->
                (double) group.counters().evaluations());
        counter(out, now, "evaluation_failures_total", "The total number of rule evaluation failures.", group ->
                (double) group.counters().failures());
        counter(
                out,
                now,
                "group_iterations_total",
                "The total number of scheduled rule group evaluations, whether executed or missed.",
                group -> (double) group.counters().iterations());
        counter(
                out,
                now,
                "group_iterations_missed_total",
                "The total number of rule group evaluations missed due to slow rule group evaluation.",
                group -> (double) group.counters().missed());
        gauge(out, now, "group_interval_seconds", "The interval of a rule group.", group -> seconds(group.interval()));
        gauge(
                out,
                now,
                "group_last_duration_seconds",
                "The duration of the last rule group evaluation.",
                group -> seconds(group.evaluationTime()));
        gauge(
                out,
                now,
                "group_last_evaluation_timestamp_seconds",
                "The timestamp of the last rule group evaluation in seconds.",
                group -> timestamp(group.lastEvaluation()));
        gauge(
                out,
                now,
                "group_last_evaluation_samples",
                "The number of samples returned during the last rule group evaluation.",
                group -> (double) group.counters().lastSamples());
        gauge(
                out,
                now,
                "group_last_rule_duration_sum_seconds",
                "The sum of time in seconds it took to evaluate each rule in the group regardless of concurrency. This"
                        + " should be higher than the group duration if rules are evaluated concurrently.",
                group -> group.rules().stream()
                        .mapToDouble(rule -> seconds(rule.evaluation().duration()))
                        .sum());
        gauge(
                out,
                now,
                "group_last_restore_duration_seconds",
                "The duration of the last alert rules alerts restoration using the `ALERTS_FOR_STATE` series.",
                group -> group.counters().restoreNanos() / 1e9);
        gauge(
                out,
                now,
                "group_rules",
                "The number of rules.",
                group -> group.rules().size());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double timestamp(@org.jspecify.annotations.Nullable Instant moment) {
        return moment == null ? 0 : moment.toEpochMilli() / 1000.0;
    }

    private static void counter(
            ExpositionWriter out, List<GroupView> groups, String name, String help, ToDoubleFunction<GroupView> value) {
        write(out, groups, name, MetricType.COUNTER, help, value);
    }

    private static void gauge(
            ExpositionWriter out, List<GroupView> groups, String name, String help, ToDoubleFunction<GroupView> value) {
        write(out, groups, name, MetricType.GAUGE, help, value);
    }

    private static void write(
            ExpositionWriter out,
            List<GroupView> groups,
            String name,
            MetricType type,
            String help,
            ToDoubleFunction<GroupView> value) {
        String full = "prometheus_rule_" + name;
        out.family(full, type, help);
        for (GroupView group : groups) {
            out.sample(full, LABEL, group.key(), value.applyAsDouble(group));
        }
    }
}
