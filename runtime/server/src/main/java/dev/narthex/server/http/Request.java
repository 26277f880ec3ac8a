// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a handler sees it.
 *
 * @param method in capitals
 * @param path the path as sent, without the query string
 * @param parameters of form body and query string
 * @param pathParameters decoded values of the route's placeholders
 * @param headers by name in lower case, the first value of each
 * @param body the body, empty where there is none
 * @param clientAddress the address that it came from, without the port; empty where that is not known
 */
public record Request(
        String method,
        String path,
        FormParameters parameters,
        Map<String, String> pathParameters,
        Map<String, String> headers,
        RequestBody body,
        String clientAddress) {
    public Request {
        pathParameters = Map.copyOf(pathParameters);
        headers = Map.copyOf(headers);
    }

    /** A request of which it is not known where it came from. */
    public Request(
            String method,
            String path,
            FormParameters parameters,
            Map<String, String> pathParameters,
            Map<String, String> headers,
            RequestBody body) {
        this(method, path, parameters, pathParameters, headers, body, "");
    }

    /** A GET without headers, for tests and for requests that the server makes to itself. */
    public static Request get(String path, String query) {
        return new Request("GET", path, FormParameters.parse("", query), Map.of(), Map.of(), RequestBody.EMPTY);
    }

    /** The first value of a parameter, empty where there is none. */
    public String parameter(String name) {
        return parameters.first(name);
    }

    /** All values of a parameter. */
    public List<String> parameters(String name) {
        return parameters.all(name);
    }

    /** The value of a placeholder of the route. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("route of " + path + ": no placeholder " + name);
        }
        return value;
    }

    /** A header by its name in lower case, empty where there is none. */
    public String headerOrEmpty(String name) {
        return headers.getOrDefault(name, "");
    }

    /** A header by its name in lower case. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
