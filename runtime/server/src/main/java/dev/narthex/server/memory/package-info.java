// SPDX-License-Identifier: Apache-2.0
/** How the process keeps its heap small. */
@NullMarked
package dev.narthex.server.memory;

import org.jspecify.annotations.NullMarked;
