// SPDX-License-Identifier: Apache-2.0
/** Tests of what is done to blocks. */
@NullMarked
package dev.narthex.tsdb.compact;

import org.jspecify.annotations.NullMarked;
