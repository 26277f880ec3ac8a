// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import dev.narthex.model.Labels;

/**
 * A series with one sample.
 *
 * @param timestampMs milliseconds since 1970
 */
public record VectorSample(Labels labels, long timestampMs, double value) {}
