// SPDX-License-Identifier: Apache-2.0
/** Tests of this part of the TSDB. */
@NullMarked
package dev.narthex.tsdb.chunk;

import org.jspecify.annotations.NullMarked;
