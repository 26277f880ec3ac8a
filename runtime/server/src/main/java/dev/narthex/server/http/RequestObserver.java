// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

/** Is told of every answered request. Safe for use by many threads. */
@FunctionalInterface
public interface RequestObserver {
    /**
     * There is a route.
     *
     * @param route its path, with the placeholders
     */
    default void known(String route) {}

    /**
     * A request has been answered.
     *
     * @param route the path of its route, with the placeholders
     * @param status the HTTP status code sent
     * @param elapsedNanos from the request's last byte to the answer's last byte
     * @param bodyBytes bytes of the answer's body before compression
     */
    void answered(String route, int status, long elapsedNanos, long bodyBytes);
}
