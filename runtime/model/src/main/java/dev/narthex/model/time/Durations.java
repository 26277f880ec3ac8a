// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long things of one kind took, in seconds: their sum, how many they are, how many took no longer than some bounds,
 * and quantiles of the newest ones. Noting one allocates nothing. Safe for use by many threads.
 */
public final class Durations {
    private static final double[] BOUNDS = {0.01, 0.1, 1, 10};
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(double[].class);

    private final DoubleAdder sum = new DoubleAdder();
    /** By the first bound that they do not exceed; the last one for those beyond all. */
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];

    private final double[] newest;
    private final AtomicInteger next = new AtomicInteger();

    /** @param kept of how many of the newest ones quantiles are told; a power of two */
    public Durations(int kept) {
        if (Integer.bitCount(kept) != 1) {
            throw new IllegalArgumentException("durations: how many are kept, found " + kept + "; a power of two");
        }
        newest = new double[kept];
        Arrays.fill(newest, Double.NaN);
        Arrays.setAll(counts, _ -> new LongAdder());
    }

    /** The inclusive upper bounds in seconds that are counted by, ascending, without infinity. */
    public static double[] bounds() {
        return BOUNDS.clone();
    }

    /** Notes one, in seconds. */
    public void note(double seconds) {
        sum.add(seconds);
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        ELEMENT.setOpaque(newest, next.getAndIncrement() & (newest.length - 1), seconds);
    }

    /** All of them together, in seconds. */
    public double sum() {
        return sum.sum();
    }

    /** How many there were. */
    public long count() {
        return atMost(BOUNDS.length);
    }

    /** How many took no longer than a bound of {@link #bounds}; behind the last one all. */
    public long atMost(int bound) {
        long count = 0;
        for (int i = 0; i <= bound; i++) {
            count += counts[i].sum();
        }
        return count;
    }

    /**
     * Some quantiles of the newest ones: for each the least that as large a share of them does not exceed; NaN where there
     * are none.
     *
     * @param ranks between 0 and 1
     */
    public double[] quantiles(double... ranks) {
        double[] sorted = new double[newest.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (double) ELEMENT.getOpaque(newest, i);
        }
        Arrays.sort(sorted);
        int count = 0;
        while (count < sorted.length && !Double.isNaN(sorted[count])) {
            count++;
        }
        double[] values = new double[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            values[i] =
                    count == 0 ? Double.NaN : sorted[Math.clamp((long) Math.ceil(ranks[i] * count) - 1, 0, count - 1)];
        }
        return values;
    }
}
