// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The kinds of the samples of a random history: in some histories floats alone, in others series of histograms too,
 * integer ones and float ones, with exponential and custom buckets, counters and gauges, that end with staleness markers
 * of all kinds and become series of another kind now and then.
 *
 * <p>Its random numbers are its own, so that a history of floats is the same with it and without.
 */
final class HistorySamples {
    private final Random random;
    /** Of ten series, how many have histograms. */
    private final int tenths;

    /** Whether a stop leaves a snapshot. */
    private final boolean snapshots;

    /** Whether samples have start timestamps. */
    private final boolean starts;

    private final Map<Labels, Source> sources = new HashMap<>();

    private HistorySamples(Random random, int tenths, boolean snapshots, boolean starts) {
        this.starts = starts;
        this.random = random;
        this.tenths = tenths;
        this.snapshots = snapshots;
    }

    /** Floats alone. */
    static HistorySamples floats() {
        return new HistorySamples(new Random(0), 0, false, false);
    }

    static HistorySamples of(Seed seed) {
        Random random = new Random(~seed.value());
        boolean snapshots = new Random(seed.value()).nextBoolean();
        boolean starts = new Random(seed.value() + 1).nextInt(3) == 0;
        return new HistorySamples(random, new int[] {0, 0, 2, 4}[random.nextInt(4)], snapshots, starts);
    }

    /** Whether a stop leaves a snapshot of the head. */
    boolean snapshots() {
        return snapshots;
    }

    /** Whether samples have start timestamps. */
    boolean starts() {
        return starts;
    }

    /** The start timestamp of a sample, 0 for none: in some series always, in some now and then. */
    long startMs(Labels labels, long timestampMs) {
        int kind = labels.hashCode() & 7;
        long part = Math.floorDiv(timestampMs, 600_000L);
        if (!starts || kind < 2 || (kind == 2 && (part & 1) == 0)) {
            return 0;
        }
        return kind == 3 ? timestampMs - 1 - Math.floorMod(timestampMs, 7) : 600_000 * part - kind;
    }

    /** The next sample of a series, which is a float of this value unless the series has histograms. */
    HistoryValue next(Labels labels, double value) {
        if (tenths == 0) {
            return HistoryValue.of(value);
        }
        return sources.computeIfAbsent(labels, _ -> new Source()).next(value);
    }

    private final class Source {
        private final int kind = random.nextInt(10) < tenths ? random.nextInt(1, 3) : 0;
        private final RandomHistograms integers = new RandomHistograms(random, false);
        private final RandomHistograms floats = new RandomHistograms(random, true);

        HistoryValue next(double value) {
            int now = random.nextInt(20) == 0 ? random.nextInt(3) : kind;
            if (now == 0) {
                return HistoryValue.of(value);
            }
            if (random.nextInt(20) == 0) {
                return HistoryValue.of(StalenessMarker.VALUE);
            }
            return HistoryValue.of(unclaimed((now == 1 ? integers : floats).next()));
        }

        /** Without the claim that no counter was reset, which is true of no samples that come in any order. */
        private NativeHistogram unclaimed(NativeHistogram histogram) {
            if (histogram.counterResetHint() != CounterResetHint.NOT_RESET) {
                return histogram;
            }
            return switch (histogram) {
                case IntegerHistogram whole -> whole.withHint(CounterResetHint.UNKNOWN);
                case FloatHistogram fractional -> fractional.withHint(CounterResetHint.UNKNOWN);
            };
        }
    }
}
