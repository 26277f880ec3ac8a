// SPDX-License-Identifier: Apache-2.0
/**
 * A receiver of notifications that prints them for people. Part of the examples and of the end-to-end tests. Safe for
 * use by many threads.
 */
@NullMarked
package dev.narthex.server.receiver;

import org.jspecify.annotations.NullMarked;
