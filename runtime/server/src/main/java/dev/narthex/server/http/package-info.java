// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP as the handlers see it, and the one place that knows how Vert.x carries it.
 *
 * <p>A request is read on an event loop and handled on a platform thread of its own, which may block and is interrupted
 * when the client goes away; an {@link dev.narthex.server.http.Endpoint} that says it never waits runs on the event
 * loop. Handlers, requests and responses are for that one thread; routes and listeners are safe for use by many.
 */
@NullMarked
package dev.narthex.server.http;

import org.jspecify.annotations.NullMarked;
