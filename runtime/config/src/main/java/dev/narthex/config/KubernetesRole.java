// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** What a Kubernetes discovery takes for targets. */
public enum KubernetesRole {
    POD("pod");

    private final String text;

    KubernetesRole(String text) {
        this.text = text;
    }

    /** The name in a configuration file. */
    public String text() {
        return text;
    }
}
