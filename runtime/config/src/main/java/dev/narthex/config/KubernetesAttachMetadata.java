// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** {@code attach_metadata}: of which other objects a target gets labels too. */
public record KubernetesAttachMetadata(
        boolean node, boolean namespace, boolean deployment, boolean job, boolean cronjob) {
    public static final KubernetesAttachMetadata NONE = new KubernetesAttachMetadata(false, false, false, false, false);
}
