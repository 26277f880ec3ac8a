// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Appender;
import java.util.Arrays;
import java.util.List;

/**
 * Series that are due a staleness marker, each as one number, its key: twice the reference in the storage, and one more
 * where its last sample was a native histogram, since the marker is of the kind of the samples.
 */
final class StaleSeries {
    private static final NativeHistogram MARKER = new IntegerHistogram(
            CounterResetHint.UNKNOWN,
            HistogramLayout.exponential(0, 0, List.of(), List.of()),
            0,
            0,
            StalenessMarker.VALUE,
            new long[0],
            new long[0]);

    private StaleSeries() {}

    /** @param state of the series in {@link SeriesColumns} */
    static long key(long ref, int state) {
        return 2 * ref + ((state & SeriesColumns.NATIVE) == 0 ? 0 : 1);
    }

    /** Strikes out, with zero, the series that an entry keeps alive; {@code keys} are sorted. */
    static void keepLive(long[] keys, SeriesColumns current, int live) {
        boolean[] kept = new boolean[keys.length];
        for (int i = 0; i < current.count(); i++) {
            if ((current.state(i) & live) != 0) {
                for (int kind = 0; kind < 2; kind++) {
                    int at = Arrays.binarySearch(keys, 2 * current.ref(i) + kind);
                    if (at >= 0) {
                        kept[at] = true;
                    }
                }
            }
        }
        for (int i = 0; i < keys.length; i++) {
            keys[i] = kept[i] ? 0 : keys[i];
        }
    }

    /** Strikes out, with zero, the series that are among others; {@code keys} are sorted. */
    static void strikeOut(long[] keys, long[] others) {
        for (long other : others) {
            for (int kind = 0; kind < 2; kind++) {
                int at = Arrays.binarySearch(keys, (other & ~1L) + kind);
                if (at >= 0) {
                    keys[at] = 0;
                }
            }
        }
    }

    static void mark(Appender appender, long[] keys, long markerTimeMs) {
        for (long key : keys) {
            if (key > 1 && (key & 1) == 0) {
                appender.append(key >> 1, markerTimeMs, StalenessMarker.VALUE);
            } else if (key > 1) {
                appender.append(key >> 1, markerTimeMs, MARKER);
            }
        }
    }
}
