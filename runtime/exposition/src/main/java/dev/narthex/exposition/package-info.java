// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes the exposition formats from bytes. A parser belongs to one thread.
 */
@NullMarked
package dev.narthex.exposition;

import org.jspecify.annotations.NullMarked;
