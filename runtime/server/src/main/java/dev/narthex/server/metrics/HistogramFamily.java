// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Classic histograms of one name that differ by their labels. Safe for use by many threads. */
public final class HistogramFamily implements MetricSource {
    private final String name;
    private final String help;
    private final double[] bounds;
    private final ConcurrentSkipListMap<Labels, Histogram> histograms = new ConcurrentSkipListMap<>();

    /** @param bounds inclusive upper bounds of the buckets, ascending, without infinity */
    public HistogramFamily(String name, String help, double... bounds) {
        this.name = name;
        this.help = help;
        this.bounds = bounds.clone();
    }

    /** The histogram with these labels, empty at first. */
    public Histogram with(Labels labels) {
        Histogram known = histograms.get(labels);
        return known == null ? histograms.computeIfAbsent(labels, _ -> new Histogram(bounds)) : known;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        out.family(name, MetricType.HISTOGRAM, help);
        histograms.forEach((labels, histogram) -> histogram.writeTo(out, name, labels));
    }

    /** Counts of observations by size. */
    public static final class Histogram {
        private final double[] bounds;
        private final LongAdder[] counts;
        private final DoubleAdder sum = new DoubleAdder();

        private Histogram(double[] bounds) {
            this.bounds = bounds;
            this.counts = new LongAdder[bounds.length + 1];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        public void observe(double value) {
            int bucket = 0;
            while (bucket < bounds.length && value > bounds[bucket]) {
                bucket++;
            }
            counts[bucket].increment();
            sum.add(value);
        }

        private void writeTo(ExpositionWriter out, String name, Labels labels) {
            String bucketName = name + "_bucket";
            long total = 0;
            for (int i = 0; i < counts.length; i++) {
                total += counts[i].sum();
                String bound = i == bounds.length ? "+Inf" : GoFloat.general(bounds[i]);
                out.sample(bucketName, labels.toBuilder().set("le", bound).build(), (double) total);
            }
            out.sample(name + "_sum", labels, sum.sum());
            out.sample(name + "_count", labels, (double) total);
        }
    }
}
