// SPDX-License-Identifier: Apache-2.0
/** Which build this is. Safe for use by many threads. */
@NullMarked
package dev.narthex.server.build;

import org.jspecify.annotations.NullMarked;
