// SPDX-License-Identifier: Apache-2.0
/**
 * Memory that is many: accounted slabs of primitive arrays addressed by integer references, and the one way to files.
 * Accounts are safe for use by many threads; a slab has one writer.
 */
@NullMarked
package dev.narthex.memory;

import org.jspecify.annotations.NullMarked;
