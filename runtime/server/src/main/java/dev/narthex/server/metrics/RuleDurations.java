// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.rules.RuleObserver;
import java.util.concurrent.atomic.LongAdder;

/** How long rules and groups take, and the templates of rules: {@code prometheus_rule_*_duration_*}. Safe for use by many threads. */
public final class RuleDurations implements RuleObserver, MetricSource {
    private static final String RULE = "The duration for a rule to execute.";
    private static final String GROUP = "The duration of rule group evaluations.";
    private static final double[] BOUNDS = {.01, .1, 1, 10};

    private final LongAdder expansions = new LongAdder();
    private final LongAdder failedExpansions = new LongAdder();
    private final SummaryFamily rules;
    private final SummaryFamily groups;
    private final HistogramFamily ruleHistogram =
            new HistogramFamily("prometheus_rule_evaluation_duration_histogram_seconds", RULE, BOUNDS);
    private final HistogramFamily groupHistogram =
            new HistogramFamily("prometheus_rule_group_duration_histogram_seconds", GROUP, BOUNDS);

    public RuleDurations(Ticker ticker) {
        rules = new SummaryFamily("prometheus_rule_evaluation_duration_seconds", RULE, ticker, 0.5, 0.9, 0.99);
        groups = new SummaryFamily("prometheus_rule_group_duration_seconds", GROUP, ticker, 0.01, 0.05, 0.5, 0.9, 0.99);
        rules.with(Labels.EMPTY);
        groups.with(Labels.EMPTY);
        ruleHistogram.with(Labels.EMPTY);
        groupHistogram.with(Labels.EMPTY);
    }

    @Override
    public void ruleEvaluated(long nanos) {
        rules.with(Labels.EMPTY).observe(nanos / 1e9);
        ruleHistogram.with(Labels.EMPTY).observe(nanos / 1e9);
    }

    @Override
    public void templateExpanded(boolean well) {
        expansions.increment();
        if (!well) {
            failedExpansions.increment();
        }
    }

    @Override
    public void groupEvaluated(long nanos) {
        groups.with(Labels.EMPTY).observe(nanos / 1e9);
        groupHistogram.with(Labels.EMPTY).observe(nanos / 1e9);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        rules.writeTo(out);
        ruleHistogram.writeTo(out);
        groups.writeTo(out);
        groupHistogram.writeTo(out);
        new Families(out)
                .counter(
                        "prometheus_template_text_expansions_total",
                        "The total number of template text expansions.",
                        (double) expansions.sum())
                .counter(
                        "prometheus_template_text_expansion_failures_total",
                        "The total number of template text expansion failures.",
                        (double) failedExpansions.sum());
    }
}
