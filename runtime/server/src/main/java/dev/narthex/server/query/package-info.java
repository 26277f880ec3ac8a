// SPDX-License-Identifier: Apache-2.0
/**
 * Where queries are evaluated: a bounded number of platform threads, so that computing never keeps the threads that
 * wait from their work. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.query;

import org.jspecify.annotations.NullMarked;
