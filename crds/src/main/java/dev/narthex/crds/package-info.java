// SPDX-License-Identifier: Apache-2.0
/**
 * The four resources of group {@code monitoring.narthex.dev} and their meaning as configuration. The types of the
 * resources are mutable beans, as Fabric8 wants them: they belong to one thread at a time. Everything else is
 * immutable. Nothing here talks to a Kubernetes API server.
 */
@NullMarked
package dev.narthex.crds;

import org.jspecify.annotations.NullMarked;
