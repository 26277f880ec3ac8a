// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
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
    private final LongAdder samples = new LongAdder();
    private final LongAdder samplesRead = new LongAdder();

    public QueryMetrics(Ticker ticker) {
        durations =
                new SummaryFamily("prometheus_engine_query_duration_seconds", "Query timings", ticker, 0.5, 0.9, 0.99);
        for (Labels slice : new Labels[] {EVALUATION, QUEUE}) {
            durations.with(slice);
            histogram.with(slice);
        }
    }

    @Override
    public void ran(long queueNanos, long runNanos) {
        observe(QUEUE, queueNanos / 1e9);
        observe(EVALUATION, runNanos / 1e9);
    }

    private void observe(Labels slice, double seconds) {
        durations.with(slice).observe(seconds);
        histogram.with(slice).observe(seconds);
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
                        "The total number of samples loaded by all queries.",
                        (double) samples.sum())
                .counter(
                        "prometheus_engine_query_samples_read_total",
                        "The total number of samples read by all queries (only new points per step for range-vector).",
                        (double) samplesRead.sum())
                .gauge("prometheus_engine_query_log_enabled", "State of the query log.", 0);
    }
}
