// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Summaries of one name that differ by their labels, with quantiles over the observations of the last ten minutes, of
 * the newest {@value #KEPT} of them where there are more. Safe for use by many threads.
 */
public final class SummaryFamily implements MetricSource {
    private static final int KEPT = 1000;
    private static final long MAX_AGE_NANOS = Duration.ofMinutes(10).toNanos();

    private final String name;
    private final String help;
    private final Ticker ticker;
    private final double[] quantiles;
    private final ConcurrentSkipListMap<Labels, Summary> summaries = new ConcurrentSkipListMap<>();

    /** @param quantiles that are shown, from 0 to 1, ascending */
    public SummaryFamily(String name, String help, Ticker ticker, double... quantiles) {
        this.name = name;
        this.help = help;
        this.ticker = ticker;
        this.quantiles = quantiles.clone();
    }

    /** The summary with these labels, empty at first. */
    public Summary with(Labels labels) {
        Summary known = summaries.get(labels);
        return known == null ? summaries.computeIfAbsent(labels, _ -> new Summary()) : known;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        out.family(name, MetricType.SUMMARY, help);
        summaries.forEach((labels, summary) -> summary.writeTo(out, labels));
    }

    /** Observations and how they are spread. */
    public final class Summary {
        private final double[] values = new double[KEPT];
        private final long[] times = new long[KEPT];
        private long count;
        private double sum;

        private Summary() {}

        public synchronized void observe(double value) {
            int at = (int) (count % KEPT);
            values[at] = value;
            times[at] = ticker.nanos();
            count++;
            sum += value;
        }

        private synchronized double[] recent() {
            long now = ticker.nanos();
            double[] recent = new double[(int) Math.min(count, KEPT)];
            int size = 0;
            for (int i = 0; i < recent.length; i++) {
                if (now - times[i] <= MAX_AGE_NANOS) {
                    recent[size++] = values[i];
                }
            }
            double[] sorted = Arrays.copyOf(recent, size);
            Arrays.sort(sorted);
            return sorted;
        }

        private void writeTo(ExpositionWriter out, Labels labels) {
            double[] sorted = recent();
            for (double quantile : quantiles) {
                int rank = (int) Math.ceil(quantile * sorted.length) - 1;
                double value = sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank)];
                out.sample(
                        name,
                        labels.toBuilder()
                                .set("quantile", GoFloat.general(quantile))
                                .build(),
                        value);
            }
            double total;
            double observations;
            synchronized (this) {
                total = sum;
                observations = (double) count;
            }
            out.sample(name + "_sum", labels, total);
            out.sample(name + "_count", labels, observations);
        }
    }
}
