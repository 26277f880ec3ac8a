// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What all operators of one query share: where samples come from, limits, annotations, statistics. */
final class QueryContext implements AutoCloseable {
    private static final Set<String> NAME_LABELS = Set.of(Labels.METRIC_NAME, "__type__", "__unit__");

    private final EvaluationRequest request;
    private final Queryable queryable;
    private final Progress progress;
    private final SampleBudget budget;
    private final QueryMemory memory;
    private final Columns columns;
    private final AnnotationCollector annotations;
    private final Map<TimeRange, Querier> queriers = new HashMap<>();
    private final SampleCounts counts;

    private record TimeRange(long mintMs, long maxtMs) {}

    QueryContext(Queryable queryable, EvaluationRequest request, Ticker ticker, long startNanos) {
        this.queryable = queryable;
        this.request = request;
        this.progress = new Progress(ticker, request.timeout(), startNanos);
        this.budget = new SampleBudget(request.maxSamples());
        this.memory = new QueryMemory(request.maxBytes(), request.memory());
        this.columns = new Columns(budget, memory, progress);
        this.annotations = new AnnotationCollector(request.query());
        this.counts = new SampleCounts(request.steps().count(), progress);
    }

    /** The steps of the whole query. */
    Steps querySteps() {
        return request.steps();
    }

    /** The end of the query's range as it was asked for, which need not be a step. */
    long queryEndMs() {
        return request.endMs();
    }

    /** The step of the query, 0 for an instant query. */
    long queryStepMs() {
        return request.instant() ? 0 : request.steps().stepMs();
    }

    long queryRangeMs() {
        return request.endMs() - request.steps().startMs();
    }

    boolean isInstant() {
        return request.instant();
    }

    long lookbackMs() {
        return request.lookbackMs();
    }

    long defaultResolutionMs() {
        return request.defaultResolutionMs();
    }

    boolean isEnabled(PromqlFeature feature) {
        return features().contains(feature);
    }

    private Set<PromqlFeature> features() {
        return request.features();
    }

    boolean delaysNameRemoval() {
        return isEnabled(PromqlFeature.DELAYED_NAME_REMOVAL);
    }

    /** Labels without the metric name and what goes with it, its type and its unit. */
    Labels dropName(Labels labels) {
        return hasTypeOrUnit(labels) ? labels.without(NAME_LABELS) : labels.withoutMetricName();
    }

    static boolean hasTypeOrUnit(Labels labels) {
        return !labels.getOrEmpty("__type__").isEmpty()
                || !labels.getOrEmpty("__unit__").isEmpty();
    }

    Columns columns() {
        return columns;
    }

    SampleBudget budget() {
        return budget;
    }

    QueryMemory memory() {
        return memory;
    }

    /** The samples of a time range; the same view for everyone who asks for the same range. */
    Querier querier(long mintMs, long maxtMs) {
        return queriers.computeIfAbsent(
                new TimeRange(mintMs, maxtMs), range -> queryable.querier(range.mintMs(), range.maxtMs()));
    }

    SampleCounts counts() {
        return counts;
    }

    AnnotationCollector annotations() {
        return annotations;
    }

    /** For a part of the query that may have something to say; to be made in the order of evaluation. */
    AnnotationCollector.Annotator annotator(PositionRange position) {
        return annotations.annotator(position);
    }

    /** To be called once a series: stops the query when it is canceled or late. */
    void checkpoint() {
        progress.look();
    }

    /** What ends the query when it is canceled or late. */
    Progress progress() {
        return progress;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (Querier querier : queriers.values()) {
            try {
                querier.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        queriers.clear();
        memory.close();
        if (failure != null) {
            throw failure;
        }
    }
}
