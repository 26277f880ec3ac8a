// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.storage.SampleBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Spans of time in milliseconds, both ends inclusive, sorted, none touching another. Immutable.
 */
public final class Intervals {
    public static final Intervals NONE = new Intervals(new long[0]);

    /** First and last timestamp of each in turn. */
    private final long[] bounds;

    private Intervals(long[] bounds) {
        this.bounds = bounds;
    }

    public static Intervals of(long mintMs, long maxtMs) {
        return new Intervals(new long[] {mintMs, maxtMs});
    }

    public int size() {
        return bounds.length / 2;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public long mintMs(int index) {
        return bounds[2 * index];
    }

    public long maxtMs(int index) {
        return bounds[2 * index + 1];
    }

    /** These and one more, merged with those it overlaps or touches. */
    public Intervals with(long mintMs, long maxtMs) {
        long[] merged = new long[bounds.length + 2];
        int count = 0;
        long from = mintMs;
        long to = maxtMs;
        int i = 0;
        while (i < bounds.length && before(bounds[i + 1], from)) {
            merged[count++] = bounds[i];
            merged[count++] = bounds[i + 1];
            i += 2;
        }
        while (i < bounds.length && !before(to, bounds[i])) {
            from = Math.min(from, bounds[i]);
            to = Math.max(to, bounds[i + 1]);
            i += 2;
        }
        merged[count++] = from;
        merged[count++] = to;
        while (i < bounds.length) {
            merged[count++] = bounds[i++];
        }
        return new Intervals(Arrays.copyOf(merged, count));
    }

    /** Whether a span that ends here does not even touch one that begins there. */
    private static boolean before(long end, long begin) {
        return end < begin && end + 1 < begin;
    }

    /** Those that end at a time or later. */
    public Intervals from(long mintMs) {
        int i = 0;
        while (i < bounds.length && bounds[i + 1] < mintMs) {
            i += 2;
        }
        return i == 0 ? this : new Intervals(Arrays.copyOfRange(bounds, i, bounds.length));
    }

    public boolean contains(long timestampMs) {
        for (int i = 0; i < bounds.length && bounds[i] <= timestampMs; i += 2) {
            if (timestampMs <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of a span is in one of them. */
    public boolean covers(long mintMs, long maxtMs) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= mintMs && maxtMs <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    public boolean overlaps(long mintMs, long maxtMs) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= maxtMs && mintMs <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes the samples of these times out of a buffer, from an entry on. A histogram that follows a gap does not say any
     * more that its counter was not reset: what it was compared with is gone.
     */
    public void removeFrom(SampleBuffer samples, int from) {
        if (isEmpty()) {
            return;
        }
        int kept = from;
        boolean gap = false;
        for (int i = from; i < samples.size(); i++) {
            if (contains(samples.timestampMs(i))) {
                gap = true;
                continue;
            }
            if (kept != i) {
                SampleMerge.move(samples, i, kept);
            }
            if (gap) {
                SampleMerge.setApart(samples, kept);
                gap = false;
            }
            kept++;
        }
        samples.truncate(kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Intervals theirs && Arrays.equals(bounds, theirs.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }
}
