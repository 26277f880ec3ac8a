// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/**
 * Narrows what the API server hands over.
 *
 * @param role the kind of object that it applies to
 * @param label a label selector, empty for none
 * @param field a field selector, empty for none
 */
public record KubernetesSelector(KubernetesRole role, String label, String field) {}
