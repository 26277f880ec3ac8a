// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** What a Kubernetes discovery takes for targets. */
public enum KubernetesRole {
    NODE("node"),
    POD("pod"),
    SERVICE("service"),
    ENDPOINTS("endpoints"),
    ENDPOINT_SLICE("endpointslice"),
    INGRESS("ingress");

    private final String text;

    KubernetesRole(String text) {
        this.text = text;
    }

    /** The name in a configuration file. */
    public String text() {
        return text;
    }
}
