// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

/** The formats of expositions. */
public enum ExpositionFormat {
    /** The text formats 0.0.4 and 1.0.0. */
    TEXT,
    /** OpenMetrics text 0.0.1 and 1.0.0. */
    OPEN_METRICS,
    /** Delimited protobuf messages of type {@code io.prometheus.client.MetricFamily}. */
    PROTOBUF
}
