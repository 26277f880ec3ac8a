// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import io.vertx.core.http.HttpServerRequest;

/** Stands before every route. Called on the event loop of the request; safe for use by many threads. */
@FunctionalInterface
public interface Gate {
    /** Lets a request go on by running {@code next} on its event loop, now or later, or answers it. */
    void pass(HttpServerRequest request, Runnable next);
}
