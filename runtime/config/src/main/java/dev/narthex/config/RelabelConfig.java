// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * One step of relabelling (Prometheus documentation, "relabel_config").
 *
 * @param sourceLabels whose values are joined by the separator
 * @param regex what the joined value must match, anchored; RE2
 * @param modulus of {@code hashmod}, 64 bits without a sign; 0 elsewhere
 * @param targetLabel the label to set; may refer to groups of the match
 * @param replacement the value to set; may refer to groups of the match
 */
public record RelabelConfig(
        List<String> sourceLabels,
        String separator,
        RelabelPattern regex,
        long modulus,
        String targetLabel,
        String replacement,
        RelabelAction action) {
    public static final String DEFAULT_SEPARATOR = ";";
    public static final String DEFAULT_REGEX = "(.*)";
    public static final String DEFAULT_REPLACEMENT = "$1";

    public RelabelConfig {
        sourceLabels = List.copyOf(sourceLabels);
    }

    /** A step that copies or sets a label where the joined source labels match. */
    public static RelabelConfig replace(
            List<String> sourceLabels, String regex, String targetLabel, String replacement) {
        return new RelabelConfig(
                sourceLabels,
                DEFAULT_SEPARATOR,
                RelabelPattern.of(regex),
                0,
                targetLabel,
                replacement,
                RelabelAction.REPLACE);
    }

    /** A step that drops what does not match. */
    public static RelabelConfig keep(List<String> sourceLabels, String regex) {
        return new RelabelConfig(
                sourceLabels,
                DEFAULT_SEPARATOR,
                RelabelPattern.of(regex),
                0,
                "",
                DEFAULT_REPLACEMENT,
                RelabelAction.KEEP);
    }
}
