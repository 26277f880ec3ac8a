// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

/** How samples are printed. */
public enum DumpFormat {
    /** A line for each sample: labels, value, timestamp in milliseconds. */
    SAMPLES,
    /** As OpenMetrics. */
    OPEN_METRICS,
    /** A line for each series, without samples: its labels as JSON. */
    SERIES
}
