// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * A sample that is a native histogram.
 *
 * @param timestampMs milliseconds since 1970
 * @param histogram the histogram, its sum {@link StalenessMarker#VALUE} where the series ends
 */
public record HistogramSample(long timestampMs, NativeHistogram histogram) implements Sample {}
