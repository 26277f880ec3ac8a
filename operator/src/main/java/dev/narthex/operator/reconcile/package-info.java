// SPDX-License-Identifier: Apache-2.0
/** Brings the cluster to what is desired. Each StorageVolume and each resource is handled by one thread at a time; what they share says itself how. */
@NullMarked
package dev.narthex.operator.reconcile;

import org.jspecify.annotations.NullMarked;
