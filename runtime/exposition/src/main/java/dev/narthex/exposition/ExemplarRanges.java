// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import java.util.Arrays;

/** Where the exemplars of a sample are, in the order in which a storage takes them. Reused; for one thread. */
final class ExemplarRanges {
    /** More of one native histogram do not count. */
    private static final int MAX_TIMED = 1000;

    private final ExemplarMessage message;
    private final ByteRanges ranges = new ByteRanges();
    private long[] timesMs = new long[16];
    private double[] values = new double[16];

    ExemplarRanges(ExemplarMessage message) {
        this.message = message;
    }

    void clear() {
        ranges.clear();
    }

    int count() {
        return ranges.count();
    }

    int start(int index) {
        return ranges.start(index);
    }

    int stop(int index) {
        return ranges.stop(index);
    }

    /** Adds one that is not sorted with others. */
    void add(int from, int to) {
        ranges.add(from, to);
    }

    /** Adds an exemplar of a native histogram; those without a timestamp do not count. */
    void addTimed(byte[] bytes, int from, int to) {
        message.read(bytes, from, to);
        int count = ranges.count();
        if (!message.isTimestamped() || count == MAX_TIMED) {
            return;
        }
        if (count == timesMs.length) {
            timesMs = Arrays.copyOf(timesMs, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        timesMs[count] = message.timestampMs();
        values[count] = message.value();
        ranges.add(from, to);
    }

    /** Sorts those of a native histogram by time, then value, then labels; there are few. */
    void sort(byte[] bytes) {
        for (int i = 1; i < ranges.count(); i++) {
            for (int k = i; k > 0 && isDescending(bytes, k - 1, k); k--) {
                long time = timesMs[k];
                timesMs[k] = timesMs[k - 1];
                timesMs[k - 1] = time;
                double one = values[k];
                values[k] = values[k - 1];
                values[k - 1] = one;
                ranges.swap(k - 1, k);
            }
        }
    }

    private boolean isDescending(byte[] bytes, int first, int second) {
        if (timesMs[first] != timesMs[second]) {
            return timesMs[first] > timesMs[second];
        }
        // What is not a number is neither less nor more.
        if (values[first] < values[second] || values[first] > values[second]) {
            return values[first] > values[second];
        }
        return message.exemplar(bytes, start(first), stop(first), 0)
                        .labels()
                        .compareTo(message.exemplar(bytes, start(second), stop(second), 0)
                                .labels())
                > 0;
    }
}
