// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes the exposition formats from bytes. A parser, decoder or writer belongs to one thread and is reused.
 */
@NullMarked
package dev.narthex.exposition;

import org.jspecify.annotations.NullMarked;
