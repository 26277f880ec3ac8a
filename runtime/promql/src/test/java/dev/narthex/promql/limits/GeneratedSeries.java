// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Series that are made as they are read, so that there can be any number of them: of each metric that it knows as many as
 * it is told, with a sample every {@link #INTERVAL_MS}. A metric {@code h...} is native histograms, one {@code b...} the
 * buckets of classic ones, {@code target_info} what {@code info} looks for; all else counts up.
 */
final class GeneratedSeries implements Queryable {
    static final long INTERVAL_MS = 15_000;
    private static final int BUCKETS = 10;
    private static final int CHUNK = 120;
    private static final HistogramLayout LAYOUT =
            new HistogramLayout(2, 0.001, List.of(new BucketSpan(0, 60)), List.of(), List.of());

    private final Map<String, Integer> series;
    private final Runnable whenRead;

    /**
     * Makes metrics.
     *
     * @param series how many series each has
     * @param whenRead is called for each series that is read
     */
    GeneratedSeries(Map<String, Integer> series, Runnable whenRead) {
        this.series = Map.copyOf(series);
        this.whenRead = whenRead;
    }

    private static Labels labels(String metric, int number) {
        if (metric.startsWith("b")) {
            int bucket = number % BUCKETS;
            return Labels.of(
                    "__name__",
                    metric,
                    "instance",
                    "i",
                    "job",
                    "j",
                    "le",
                    bucket == BUCKETS - 1 ? "+Inf" : Integer.toString(bucket),
                    "n",
                    Integer.toString(number / BUCKETS));
        }
        return Labels.of("__name__", metric, "instance", "i" + number, "job", "j", "n", Integer.toString(number));
    }

    private static FloatHistogram histogram(double time) {
        double[] counts = new double[60];
        Arrays.fill(counts, time);
        return FloatHistogram.of(CounterResetHint.UNKNOWN, LAYOUT, 60.0 * time, 0, time, counts, new double[0]);
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        return new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                String metric = matchers.stream()
                        .filter(matcher -> matcher.name().equals(Labels.METRIC_NAME))
                        .findFirst()
                        .orElseThrow()
                        .value();
                return new Cursor(metric, series.getOrDefault(metric, 0), Math.max(mintMs, 0), maxtMs);
            }

            @Override
            public List<String> labelNames(List<LabelMatcher> matchers) {
                throw new UnsupportedOperationException("queries ask for no label names");
            }

            @Override
            public List<String> labelValues(String name, List<LabelMatcher> matchers) {
                throw new UnsupportedOperationException("queries ask for no label values");
            }

            @Override
            public void close() {}
        };
    }

    private final class Cursor implements SeriesSet {
        private final String metric;
        private final int count;
        private final long mintMs;
        private final long maxtMs;
        private int at = -1;

        Cursor(String metric, int count, long mintMs, long maxtMs) {
            this.metric = metric;
            this.count = count;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public boolean next() {
            return ++at < count;
        }

        @Override
        public Labels labels() {
            return GeneratedSeries.labels(metric, at);
        }

        @Override
        public void samples(SampleBuffer into) {
            whenRead.run();
            long first = Math.ceilDiv(mintMs, INTERVAL_MS) * INTERVAL_MS;
            for (long timeMs = first; timeMs <= maxtMs; timeMs += INTERVAL_MS) {
                if (timeMs / INTERVAL_MS % CHUNK == 0) {
                    into.reserve(CHUNK);
                }
                if (metric.startsWith("h")) {
                    into.add(timeMs, histogram((double) timeMs / INTERVAL_MS));
                } else {
                    into.add(timeMs, (double) timeMs / INTERVAL_MS + at);
                }
            }
        }
    }
}
