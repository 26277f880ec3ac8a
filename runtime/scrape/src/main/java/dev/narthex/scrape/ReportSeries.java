// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
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
            "scrape_series_added");
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] refs = new long[NAMES.size()];
    private SeriesLabeler labeler;

    ReportSeries(SeriesLabeler labeler) {
        this.labeler = labeler;
    }

    void configure(SeriesLabeler newLabeler) {
        if (!newLabeler.isSameAs(labeler)) {
            Arrays.fill(refs, 0);
        }
        labeler = newLabeler;
    }

    void append(Appender appender, long timeMs, boolean up, long durationNanos, ScrapeCounts counts) {
        append(appender, 0, timeMs, up ? 1 : 0);
        append(appender, 1, timeMs, durationNanos / NANOS_PER_SECOND);
        append(appender, 2, timeMs, counts.scraped);
        append(appender, 3, timeMs, counts.afterRelabelling);
        append(appender, 4, timeMs, counts.seriesAdded);
    }

    void markStale(Appender appender, long timeMs) {
        for (int i = 0; i < refs.length; i++) {
            append(appender, i, timeMs, StalenessMarker.VALUE);
        }
    }

    private void append(Appender appender, int index, long timeMs, double value) {
        if (refs[index] == 0 || appender.append(refs[index], timeMs, value) == AppendResult.UNKNOWN_SERIES) {
            refs[index] = appender.series(labeler.ownSeries(NAMES.get(index)));
            appender.append(refs[index], timeMs, value);
        }
    }
}
