// SPDX-License-Identifier: Apache-2.0
/** Tests of the byte formats. */
@NullMarked
package dev.narthex.wire;

import org.jspecify.annotations.NullMarked;
