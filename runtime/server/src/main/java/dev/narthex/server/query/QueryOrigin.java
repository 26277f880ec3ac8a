// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

/** Who asks a query. */
public sealed interface QueryOrigin {
    /**
     * A request.
     *
     * @param clientAddress the address that it came from, without the port
     * @param method the method of HTTP, in capitals
     * @param path without the query string
     */
    record Http(String clientAddress, String method, String path) implements QueryOrigin {}

    /**
     * A rule.
     *
     * @param file where its group stands
     * @param group the name of the group
     */
    record Rule(String file, String group) implements QueryOrigin {}
}
