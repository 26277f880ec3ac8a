// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryObserver;
import java.util.concurrent.atomic.LongAdder;

/** {@code prometheus_engine_*} of what queries take. Safe for use by many threads. */
public final class QueryMetrics implements QueryObserver, MetricSource {
    private static final Labels QUEUE = Labels.of("slice", "queue_time");
    private static final Labels EVALUATION = Labels.of("slice", "inner_eval");

    private final SummaryFamily durations;
    private final HistogramFamily histogram = new HistogramFamily(
            "prometheus_engine_query_duration_histogram_seconds",
            "The duration of various parts of PromQL query execution.",
            .01,
            .1,
            1,
            10);
    private final QueryLog log;
    private final Slice queue;
    private final Slice evaluation;
    private final LongAdder samples = new LongAdder();
    private final LongAdder samplesRead = new LongAdder();

    /** What is shown of one part of a query. */
    private record Slice(SummaryFamily.Summary summary, HistogramFamily.Histogram histogram) {
        void observe(double seconds) {
            summary.observe(seconds);
            histogram.observe(seconds);
        }
    }

    public QueryMetrics(QueryLog log, Ticker ticker) {
        this.log = log;
        durations =
                new SummaryFamily("prometheus_engine_query_duration_seconds", "Query timings", ticker, 0.5, 0.9, 0.99);
        queue = new Slice(durations.with(QUEUE), histogram.with(QUEUE));
        evaluation = new Slice(durations.with(EVALUATION), histogram.with(EVALUATION));
    }

    @Override
    public void ran(long queueNanos, long runNanos) {
        queue.observe(queueNanos / 1e9);
        evaluation.observe(runNanos / 1e9);
    }

    @Override
    public void loaded(long count, long read) {
        samples.add(count);
        samplesRead.add(read);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        durations.writeTo(out);
        histogram.writeTo(out);
        new Families(out)
                .counter(
                        "prometheus_engine_query_samples_total",
                        "The total number of samples loaded by all queries (full window per step for range-vector).",
                        (double) samples.sum())
                .counter(
                        "prometheus_engine_query_samples_read_total",
                        "The total number of samples read by all queries (only new points per step for range-vector).",
                        (double) samplesRead.sum())
                .gauge("prometheus_engine_query_log_enabled", "State of the query log.", log.isEnabled() ? 1 : 0)
                .counter("prometheus_engine_query_log_failures_total", "The number of query log failures.", (double)
                        log.failures());
    }
}
