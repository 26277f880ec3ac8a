// SPDX-License-Identifier: Apache-2.0
/**
 * A small shop that is there to be monitored: it has traffic of its own, metrics, and a fault that can be switched on.
 * Part of the examples and of the end-to-end tests. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.demo;

import org.jspecify.annotations.NullMarked;
