// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels as resources have them. */
final class SpecLabels {
    /** The label that says what a series or alert belongs to. */
    static final String NAMESPACE = "namespace";

    private static final String RESERVED = "__";

    private SpecLabels() {}

    static boolean isSettable(String name) {
        return LabelNames.isClassic(name) && !name.startsWith(RESERVED);
    }

    static Labels of(@Nullable Map<String, String> labels) {
        return labels == null ? Labels.EMPTY : Labels.of(labels);
    }

    /** The name that a Kubernetes label has in discovery and on series: what label names cannot have is an underscore. */
    static String sanitized(String kubernetesName) {
        StringBuilder name = new StringBuilder(kubernetesName.length());
        for (int i = 0; i < kubernetesName.length(); i++) {
            char c = kubernetesName.charAt(i);
            boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            name.append(word ? c : '_');
        }
        return name.toString();
    }
}
