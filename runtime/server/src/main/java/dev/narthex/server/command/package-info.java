// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: commands, their flags in the forms that Prometheus' flags have, and what they come to. Immutable
 * once parsed; a command runs on the main thread.
 */
@NullMarked
package dev.narthex.server.command;

import org.jspecify.annotations.NullMarked;
