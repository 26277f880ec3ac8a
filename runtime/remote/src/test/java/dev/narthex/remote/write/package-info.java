// SPDX-License-Identifier: Apache-2.0
/** Tests of the receiver. */
@NullMarked
package dev.narthex.remote.write;

import org.jspecify.annotations.NullMarked;
