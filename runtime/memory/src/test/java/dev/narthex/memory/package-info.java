// SPDX-License-Identifier: Apache-2.0
/** Tests of the slabs, accounts and files; single-threaded unless a test says so. */
@NullMarked
package dev.narthex.memory;

import org.jspecify.annotations.NullMarked;
