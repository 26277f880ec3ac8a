// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How many samples a query looks at, by its steps, counted as Prometheus counts them. Queryable are those that a step
 * would have to look at if it was asked for alone: all of a range, and of a subquery those that it makes. Read are those
 * that no step before has read: of a range those that are new in it, of a subquery those that its expression reads. A
 * native histogram counts by its size. For one thread.
 */
final class SampleCounts {
    private static final int BYTES_OF_SAMPLE = 16;
    private static final int NONE = -1;

    private final long[] queryable;
    private final long[] read;
    private final Progress progress;

    SampleCounts(int steps, Progress progress) {
        this.progress = progress;
        queryable = new long[steps];
        read = new long[steps];
    }

    long[] queryable() {
        return queryable;
    }

    long[] read() {
        return read;
    }

    /** What a histogram counts, in samples. */
    static int weight(FloatHistogram histogram) {
        return histogram.sizeBytes() / BYTES_OF_SAMPLE;
    }

    /** Of the steps of the query itself. */
    Part whole() {
        return new Part(this, null, 1, true);
    }

    /** The part of a query that is evaluated at certain steps. */
    static final class Part {
        private final SampleCounts counts;
        private final int @Nullable [] stepOf;
        private final int repeated;
        private final boolean isQueryable;

        /**
         * Makes a part.
         *
         * @param stepOf the step of the query to which each of its own steps counts, null where they are the same
         * @param repeated for how many steps of the query, from there on, its only step stands
         * @param isQueryable whether its samples are queryable
         */
        private Part(SampleCounts counts, int @Nullable [] stepOf, int repeated, boolean isQueryable) {
            this.counts = counts;
            this.stepOf = stepOf;
            this.repeated = repeated;
            this.isQueryable = isQueryable;
        }

        /** A part of this one that is evaluated at its first step only, and stands for all of them. */
        Part once(int steps) {
            return new Part(counts, new int[] {step(0)}, isQueryable ? repeated * steps : 1, isQueryable);
        }

        /**
         * The expression of a subquery: what it reads counts to the first step the range of which it is in; between
         * ranges it does not count.
         */
        Part within(Steps outer, SelectorTime time, long rangeMs, Steps inner) {
            int[] steps = new int[inner.count()];
            int at = 0;
            for (int step = 0; step < steps.length; step++) {
                while (at + 1 < outer.count() && time.timeMs(outer, at) < inner.timeMs(step)) {
                    at++;
                }
                boolean covered = inner.timeMs(step) > time.timeMs(outer, at) - rangeMs;
                steps[step] = covered ? step(at) : NONE;
            }
            return new Part(counts, steps, 1, false);
        }

        private int step(int step) {
            return stepOf == null ? step : stepOf[step];
        }

        /** Counts samples at a step of this part. */
        void add(int step, long queryable, long read) {
            int first = step(step);
            if (first == NONE) {
                return;
            }
            counts.read[first] += read;
            if (isQueryable) {
                for (int i = first; i < first + repeated; i++) {
                    counts.queryable[i] += queryable;
                }
            }
        }

        /** Counts what stands in a column that was selected. */
        void addAll(Column column) {
            for (int step = Presence.next(column.present(), 0);
                    step >= 0;
                    step = Presence.next(column.present(), step + 1)) {
                counts.progress.work(1);
                FloatHistogram histogram = column.histogram(step);
                int weight = histogram == null ? 1 : weight(histogram);
                add(step, weight, weight);
            }
        }

        /**
         * Counts the samples of a series in windows.
         *
         * @param reads whether they are read here; those that a subquery makes are not
         */
        void addAll(SampleBuffer samples, Windows windows, boolean reads) {
            int[] weights = samples.hasHistograms() ? sums(samples, counts.progress) : null;
            int seen = 0;
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                int fresh = Math.max(from, seen);
                add(step, between(weights, from, to), reads ? between(weights, fresh, Math.max(to, fresh)) : 0);
                seen = Math.max(seen, to);
            }
        }

        private static int between(int @Nullable [] sums, int from, int to) {
            return sums == null ? to - from : sums[to] - sums[from];
        }

        /** How much all samples before each one count. */
        private static int[] sums(SampleBuffer samples, Progress progress) {
            int[] sums = new int[samples.size() + 1];
            for (int i = 0; i < samples.size(); i++) {
                progress.work(1);
                FloatHistogram histogram = HistogramSamples.at(samples, i);
                sums[i + 1] = sums[i] + (histogram == null ? 1 : weight(histogram));
            }
            return sums;
        }
    }
}
