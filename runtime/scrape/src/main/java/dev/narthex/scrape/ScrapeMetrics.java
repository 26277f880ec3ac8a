// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.DurationFamilies;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.PromDuration;
import dev.narthex.model.time.Durations;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
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

    final LongAdder exceededBucketLimit = new LongAdder();
    final LongAdder cacheFlushes = new LongAdder();
    final Durations scrapes = new Durations(1);

    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};
    private static final int KEPT_INTERVALS = 4096;

    private final ConcurrentSkipListMap<Duration, Durations> intervals = new ConcurrentSkipListMap<>();

    void count(ScrapeCounts counts) {
        duplicateTimestamp.add(counts.duplicate);
        outOfOrder.add(counts.outOfOrder);
        outOfBounds.add(counts.outOfBounds);
        exemplarsOutOfOrder.add(counts.exemplarsOutOfOrder);
        if (counts.limitExceeded) {
            exceededSampleLimit.increment();
        }
        if (counts.cacheFlushed) {
            cacheFlushes.increment();
        }
    }

    /** How long it really was from one scrape to the next, of targets with an interval; shown from now on. */
    Durations intervalLengths(Duration interval) {
        return intervals.computeIfAbsent(interval, _ -> new Durations(KEPT_INTERVALS));
    }

    void write(ExpositionWriter out) {
        String intervalName = "prometheus_target_interval_length_seconds";
        out.family(intervalName, MetricType.SUMMARY, "Actual intervals between scrapes.");
        intervals.forEach((interval, lengths) ->
                DurationFamilies.summary(out, intervalName, labels(interval), lengths, QUANTILES));
        String histogramName = "prometheus_target_interval_length_histogram_seconds";
        out.family(histogramName, MetricType.HISTOGRAM, "Actual intervals between scrapes.");
        intervals.forEach(
                (interval, lengths) -> DurationFamilies.histogram(out, histogramName, labels(interval), lengths));
        String scrapesName = "prometheus_target_scrape_duration_seconds";
        out.family(
                scrapesName,
                MetricType.HISTOGRAM,
                "Total duration of the scrape from start to commit completion in seconds.");
        DurationFamilies.histogram(out, scrapesName, Labels.EMPTY, scrapes);
        counter(
                out,
                "prometheus_target_scrape_pools_total",
                "Total number of scrape pool creation attempts.",
                poolsCreated);
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
                "Total number of scrapes that hit the body size limit",
                exceededBodySizeLimit);
        counter(
                out,
                "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
                "Total number of scrapes that hit the native histogram bucket limit and were rejected.",
                exceededBucketLimit);
        counter(
                out,
                "prometheus_target_scrapes_cache_flush_forced_total",
                "How many times a scrape cache was flushed due to getting big while scrapes are failing.",
                cacheFlushes);
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
                "Total number of exemplar rejected due to not being out of the expected order.",
                exemplarsOutOfOrder);
        counter(
                out,
                "narthex_target_scrape_commits_failed_total",
                "Total number of scrapes whose samples could not be written to the storage.",
                commitFailures);
    }

    private static Labels labels(Duration interval) {
        return Labels.of("interval", PromDuration.format(interval.toMillis()));
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, (double) value.sum());
    }
}
