// SPDX-License-Identifier: Apache-2.0
/**
 * A file system in memory that fails, tears and forgets as told. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.testkit.files;

import org.jspecify.annotations.NullMarked;
