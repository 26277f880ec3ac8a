// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * A sample that is a number.
 *
 * @param timestampMs milliseconds since 1970
 * @param value any number, {@link StalenessMarker#VALUE} where the series ends
 */
public record FloatSample(long timestampMs, double value) implements Sample {}
