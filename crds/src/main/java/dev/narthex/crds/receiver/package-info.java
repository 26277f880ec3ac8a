// SPDX-License-Identifier: Apache-2.0
/** The resource Receiver. Beans: one thread at a time. */
@NullMarked
package dev.narthex.crds.receiver;

import org.jspecify.annotations.NullMarked;
