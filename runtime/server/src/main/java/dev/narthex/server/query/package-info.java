// SPDX-License-Identifier: Apache-2.0
/**
 * Where queries are evaluated: on platform threads, a bounded number at a time, so that computing never keeps the threads
 * that wait from their work. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.query;

import org.jspecify.annotations.NullMarked;
