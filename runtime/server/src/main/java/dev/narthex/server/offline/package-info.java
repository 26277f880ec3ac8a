// SPDX-License-Identifier: Apache-2.0
/**
 * What is done with a data directory without a server, in the form of {@code promtool tsdb}. A command runs on one
 * thread.
 */
@NullMarked
package dev.narthex.server.offline;

import org.jspecify.annotations.NullMarked;
