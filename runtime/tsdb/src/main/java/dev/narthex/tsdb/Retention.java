// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import java.time.Duration;

/**
 * How much of the past a TSDB keeps. It may change while the TSDB is open.
 *
 * @param time samples older than the newest block by this go; {@link #WITHOUT_END} for no limit
 * @param bytes how large log and blocks together may become before the oldest samples go, {@link Long#MAX_VALUE} for no
 *     limit
 * @param percentage the same in percent of the volume, 0 for no limit
 */
public record Retention(Duration time, long bytes, double percentage) {
    /** As good as for ever. */
    public static final Duration WITHOUT_END = Duration.ofDays(100 * 365);

    public Retention {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("tsdb: retention must be greater than zero, found " + time);
        }
        if (!(percentage >= 0 && percentage <= 100)) {
            throw new IllegalArgumentException("tsdb: retention percentage must be from 0 to 100, found " + percentage);
        }
    }
}
