// SPDX-License-Identifier: Apache-2.0
/** The form of log lines. */
@NullMarked
package dev.narthex.server.log;

import org.jspecify.annotations.NullMarked;
