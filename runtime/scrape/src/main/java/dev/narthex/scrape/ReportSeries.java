// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The series that the server itself makes of every scrape (Prometheus documentation, "Automatically generated labels and
 * time series"). For one thread at a time.
 */
final class ReportSeries {
    private static final List<String> NAMES = List.of(
            "up",
            "scrape_duration_seconds",
            "scrape_samples_scraped",
            "scrape_samples_post_metric_relabeling",
            "scrape_series_added",
            "scrape_timeout_seconds",
            "scrape_sample_limit",
            "scrape_body_size_bytes");
    private static final int USUAL = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] refs = new long[NAMES.size()];
    private SeriesLabeler labeler;
    private boolean extra;
    private double timeoutSeconds;
    private long sampleLimit;

    ReportSeries(SeriesLabeler labeler) {
        this.labeler = labeler;
    }

    /**
     * Goes by another configuration from the next scrape on.
     *
     * @param isExtra whether the series of {@code extra_scrape_metrics} are written too
     */
    void configure(SeriesLabeler newLabeler, boolean isExtra, Duration timeout, long newSampleLimit) {
        if (!newLabeler.isSameAs(labeler)) {
            Arrays.fill(refs, 0);
        }
        labeler = newLabeler;
        extra = isExtra;
        timeoutSeconds = timeout.toNanos() / NANOS_PER_SECOND;
        sampleLimit = newSampleLimit;
    }

    /** @param bodyBytes of the exposition, unpacked; -1 where there were too many, 0 where there is none */
    void append(Appender appender, long timeMs, boolean up, long durationNanos, ScrapeCounts counts, long bodyBytes) {
        append(appender, 0, timeMs, up ? 1 : 0);
        append(appender, 1, timeMs, durationNanos / NANOS_PER_SECOND);
        append(appender, 2, timeMs, counts.scraped);
        append(appender, 3, timeMs, counts.afterRelabelling);
        append(appender, 4, timeMs, counts.seriesAdded);
        if (extra) {
            append(appender, USUAL, timeMs, timeoutSeconds);
            append(appender, USUAL + 1, timeMs, (double) sampleLimit);
            append(appender, USUAL + 2, timeMs, (double) bodyBytes);
        }
    }

    void markStale(Appender appender, long timeMs) {
        for (int i = 0; i < (extra ? refs.length : USUAL); i++) {
            append(appender, i, timeMs, StalenessMarker.VALUE);
        }
    }

    private void append(Appender appender, int index, long timeMs, double value) {
        if (refs[index] == 0 || appender.append(refs[index], timeMs, value) == AppendResult.UNKNOWN_SERIES) {
            refs[index] = appender.series(labeler.ownSeries(NAMES.get(index)), timeMs);
            appender.append(refs[index], timeMs, value);
        }
    }
}
