// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * An example of what a sample counted, usually a trace.
 *
 * @param labels the exemplar's own labels, such as a trace id
 * @param value the value it had
 * @param timestampMs when it was taken, milliseconds since 1970
 */
public record Exemplar(Labels labels, double value, long timestampMs) {}
