// SPDX-License-Identifier: Apache-2.0
/** Targets that stand in files. Safe for use by many threads. */
@NullMarked
package dev.narthex.discovery.file;

import org.jspecify.annotations.NullMarked;
