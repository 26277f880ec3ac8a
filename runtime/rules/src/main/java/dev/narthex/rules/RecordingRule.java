// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.rules.RuleView.RuleEvaluation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stores the result of its expression under a new name (Prometheus documentation, "Recording rules"). */
final class RecordingRule implements Rule {
    private final RecordingRuleConfig config;
    private final String query;
    private final Labels labels;
    private final QueryFunction queries;
    private RuleEvaluation evaluation = RuleEvaluation.NONE;

    RecordingRule(RecordingRuleConfig config, Labels groupLabels, QueryFunction queries) {
        this.config = config;
        this.query = queries.normalize(config.expr());
        this.labels = Rule.labels(groupLabels, config);
        this.queries = queries;
    }

    @Override
    public String name() {
        return config.record();
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public List<Output> evaluate(long timestampMs, long queryTimestampMs, int limit) {
        List<QueryFunction.Sample> vector = queries.query(query, queryTimestampMs);
        List<Output> outputs = new ArrayList<>(vector.size());
        Set<Labels> seen = HashSet.newHashSet(vector.size());
        for (QueryFunction.Sample sample : vector) {
            LabelsBuilder builder = sample.labels().toBuilder().set(Labels.METRIC_NAME, config.record());
            config.removedLabels().forEach(builder::remove);
            Labels output = builder.setAll(labels).build();
            if (!seen.add(output)) {
                throw new IllegalArgumentException(
                        "vector contains metrics with the same labelset after applying rule labels");
            }
            outputs.add(new Output(output, sample.value(), sample.histogram()));
        }
        if (limit > 0 && outputs.size() > limit) {
            throw new IllegalArgumentException("exceeded limit of " + limit + " with " + outputs.size() + " series");
        }
        return outputs;
    }

    @Override
    public void evaluated(RuleEvaluation last) {
        evaluation = last;
    }

    @Override
    public RuleView view() {
        return new RuleView.Recording(config.record(), query, labels, evaluation);
    }
}
