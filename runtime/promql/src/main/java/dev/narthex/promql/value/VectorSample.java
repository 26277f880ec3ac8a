// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * A series with one sample.
 *
 * @param timestampMs milliseconds since 1970
 * @param value the value, of a native histogram its sum
 * @param histogram the native histogram that the sample is, null for a float
 */
public record VectorSample(
        Labels labels,
        long timestampMs,
        double value,
        @Nullable FloatHistogram histogram) {
    /** A float. */
    public VectorSample(Labels labels, long timestampMs, double value) {
        this(labels, timestampMs, value, null);
    }

    /** A native histogram. */
    public VectorSample(Labels labels, long timestampMs, FloatHistogram histogram) {
        this(labels, timestampMs, histogram.sum(), histogram);
    }
}
