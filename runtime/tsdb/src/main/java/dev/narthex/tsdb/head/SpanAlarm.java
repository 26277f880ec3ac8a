// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import org.jspecify.annotations.Nullable;

/**
 * Tells once that a commit has made a head longer than so much, then no more until it is set again. Safe for use by many
 * threads; for a commit it is a comparison.
 */
public final class SpanAlarm {
    private final HeadTimes times;
    private volatile @Nullable Setting setting;

    SpanAlarm(HeadTimes times) {
        this.times = times;
    }

    /**
     * Tells of the next commit behind which the head is too long, whether that one made it so or a former one.
     *
     * @param spanMs the first and the last sample may be so far apart, milliseconds
     * @param told is run by the commit, while it keeps others waiting, so it only asks another thread to do something
     */
    public void set(long spanMs, Runnable told) {
        setting = new Setting(spanMs, told);
    }

    /** Tells no more. */
    public void clear() {
        setting = null;
    }

    /** For the writer, behind a commit. */
    void look() {
        Setting set = setting;
        if (set != null && times.isLongerThan(set.spanMs)) {
            setting = null;
            set.told.run();
        }
    }

    private record Setting(long spanMs, Runnable told) {}
}
