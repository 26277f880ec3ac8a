// SPDX-License-Identifier: Apache-2.0
/**
 * The TSDB as a component: there for the other rooms before it is open. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.storage;

import org.jspecify.annotations.NullMarked;
