// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import java.io.IOException;

/**
 * A place in a log, for what is before which something else stands.
 *
 * @param segment the number of the segment of the place
 * @param offset its bytes before the place
 * @param whole whether nothing before the place needs to be read; then the place is the beginning of the segment
 * @param maxTimeMs the last timestamp of the samples before the place
 * @param reached is called once, before the first record behind the place is handed out
 */
public record LogShortcut(int segment, long offset, boolean whole, long maxTimeMs, Reached reached) {
    /** Takes what stands for the log before a place. */
    @FunctionalInterface
    public interface Reached {
        void run() throws IOException;
    }

    public LogShortcut {
        if (whole && offset != 0) {
            throw new IllegalArgumentException(
                    "log: only whole segments can be passed over, found " + offset + " bytes of segment " + segment);
        }
    }

    boolean isBehind(int number, long recordAt) {
        return number > segment || (number == segment && recordAt >= offset);
    }
}
