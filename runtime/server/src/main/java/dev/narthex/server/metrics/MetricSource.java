// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;

/** Writes some metric families with their present values. Safe for use by many threads. */
@FunctionalInterface
public interface MetricSource {
    void writeTo(ExpositionWriter out);
}
