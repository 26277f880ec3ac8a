// SPDX-License-Identifier: Apache-2.0
/**
 * A real Kubernetes API server for tests, where this machine has one. A running one may be used by many threads.
 */
@NullMarked
package dev.narthex.testkit.kube;

import org.jspecify.annotations.NullMarked;
