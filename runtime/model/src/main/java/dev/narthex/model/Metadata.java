// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * What an exposition says of a metric family.
 *
 * @param type the metric type
 * @param unit the unit, empty where none is given
 * @param help the help text, unescaped, empty where none is given
 */
public record Metadata(MetricType type, String unit, String help) {
    public static final Metadata NONE = new Metadata(MetricType.UNKNOWN, "", "");
}
