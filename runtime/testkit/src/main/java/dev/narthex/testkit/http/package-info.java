// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP on the loopback interface, for tests that need the other end of a connection, a badly behaved one too. A server
 * is safe for use by many threads; its handlers run on a thread a connection.
 */
@NullMarked
package dev.narthex.testkit.http;

import org.jspecify.annotations.NullMarked;
