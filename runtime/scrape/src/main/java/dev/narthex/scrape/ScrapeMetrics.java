// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts about its scrapes; names and meanings are Prometheus'. Safe for use by many threads. */
final class ScrapeMetrics {
    final LongAdder exceededSampleLimit = new LongAdder();
    final LongAdder exceededBodySizeLimit = new LongAdder();
    final LongAdder exceededLabelLimits = new LongAdder();
    final LongAdder exceededTargetLimit = new LongAdder();
    final LongAdder duplicateTimestamp = new LongAdder();
    final LongAdder outOfOrder = new LongAdder();
    final LongAdder outOfBounds = new LongAdder();
    final LongAdder exemplarsOutOfOrder = new LongAdder();
    final LongAdder commitFailures = new LongAdder();
    final LongAdder poolsCreated = new LongAdder();
    final LongAdder poolsFailed = new LongAdder();
    final LongAdder poolReloads = new LongAdder();
    final LongAdder poolReloadsFailed = new LongAdder();

    private final ConcurrentSkipListMap<Duration, IntervalLength> intervals = new ConcurrentSkipListMap<>();

    private static final class IntervalLength {
        private final LongAdder count = new LongAdder();
        private final DoubleAdder seconds = new DoubleAdder();
    }

    void count(ScrapeCounts counts) {
        duplicateTimestamp.add(counts.duplicate);
        outOfOrder.add(counts.outOfOrder);
        outOfBounds.add(counts.outOfBounds);
        exemplarsOutOfOrder.add(counts.exemplarsOutOfOrder);
        if (counts.limitExceeded) {
            exceededSampleLimit.increment();
        }
    }

    /** Notes how long it really was from one scrape of a target to the next. */
    void intervalLength(Duration interval, double seconds) {
        IntervalLength length = intervals.get(interval);
        if (length == null) {
            length = intervals.computeIfAbsent(interval, _ -> new IntervalLength());
        }
        length.count.increment();
        length.seconds.add(seconds);
    }

    void write(ExpositionWriter out) {
        String intervalName = "prometheus_target_interval_length_seconds";
        out.family(intervalName, MetricType.SUMMARY, "Actual intervals between scrapes.");
        intervals.forEach((interval, length) -> {
            String text = PromDuration.format(interval.toMillis());
            out.sample(intervalName + "_sum", "interval", text, length.seconds.sum());
            out.sample(intervalName + "_count", "interval", text, (double) length.count.sum());
        });
        counter(out, "prometheus_target_scrape_pools_total", "Total number of scrape pools made.", poolsCreated);
        counter(
                out,
                "prometheus_target_scrape_pool_reloads_total",
                "Total number of scrape pool reloads.",
                poolReloads);
        counter(
                out,
                "prometheus_target_scrape_pool_reloads_failed_total",
                "Total number of failed scrape pool reloads.",
                poolReloadsFailed);
        counter(
                out,
                "prometheus_target_scrape_pools_failed_total",
                "Total number of scrape pool creations that failed.",
                poolsFailed);
        counter(
                out,
                "prometheus_target_scrape_pool_exceeded_label_limits_total",
                "Total number of times scrape pools hit the label limits, during sync or config reload.",
                exceededLabelLimits);
        counter(
                out,
                "prometheus_target_scrape_pool_exceeded_target_limit_total",
                "Total number of times scrape pools hit the target limit, during sync or config reload.",
                exceededTargetLimit);
        counter(
                out,
                "prometheus_target_scrapes_exceeded_sample_limit_total",
                "Total number of scrapes that hit the sample limit and were rejected.",
                exceededSampleLimit);
        counter(
                out,
                "prometheus_target_scrapes_exceeded_body_size_limit_total",
                "Total number of scrapes that hit the body size limit.",
                exceededBodySizeLimit);
        counter(
                out,
                "prometheus_target_scrapes_sample_duplicate_timestamp_total",
                "Total number of samples rejected due to duplicate timestamps but different values.",
                duplicateTimestamp);
        counter(
                out,
                "prometheus_target_scrapes_sample_out_of_order_total",
                "Total number of samples rejected due to not being out of the expected order.",
                outOfOrder);
        counter(
                out,
                "prometheus_target_scrapes_sample_out_of_bounds_total",
                "Total number of samples rejected due to timestamp falling outside of the time bounds.",
                outOfBounds);
        counter(
                out,
                "prometheus_target_scrapes_exemplar_out_of_order_total",
                "Total number of exemplars rejected due to not being out of the expected order.",
                exemplarsOutOfOrder);
        counter(
                out,
                "narthex_target_scrape_commits_failed_total",
                "Total number of scrapes whose samples could not be written to the storage.",
                commitFailures);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, (double) value.sum());
    }
}
