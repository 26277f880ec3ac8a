// SPDX-License-Identifier: Apache-2.0
/** The Kubernetes objects that follow from a StorageVolume: pure functions without a client, stateless. */
@NullMarked
package dev.narthex.operator.desired;

import org.jspecify.annotations.NullMarked;
