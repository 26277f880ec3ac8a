// SPDX-License-Identifier: Apache-2.0
/**
 * The blocks of a data directory: opening them, planning which are merged, merging, dropping by retention. Changes are
 * made by one thread at a time; queries go on all the while.
 */
@NullMarked
package dev.narthex.tsdb.compact;

import org.jspecify.annotations.NullMarked;
