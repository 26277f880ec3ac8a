// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** One sample of a series, as an object: for the edges. Inside, samples live in columns. */
public sealed interface Sample permits FloatSample, HistogramSample {
    /** Milliseconds since 1970. */
    long timestampMs();
}
