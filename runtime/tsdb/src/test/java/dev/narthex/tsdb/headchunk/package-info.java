// SPDX-License-Identifier: Apache-2.0
/** Tests of the files of head chunks. */
@NullMarked
package dev.narthex.tsdb.headchunk;

import org.jspecify.annotations.NullMarked;
