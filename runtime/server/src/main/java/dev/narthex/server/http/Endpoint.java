// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

/** Answers the requests of one route. Safe for use by many threads. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers a request; may block.
     *
     * @throws ApiException when it cannot, for a reason that the client is to read
     * @throws InterruptedException when the client has gone away
     */
    Response handle(Request request) throws InterruptedException;
}
