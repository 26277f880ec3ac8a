// SPDX-License-Identifier: Apache-2.0
/**
 * The server process: wiring, HTTP routes, lifecycle and command line.
 */
@NullMarked
package dev.narthex.server;

import org.jspecify.annotations.NullMarked;
