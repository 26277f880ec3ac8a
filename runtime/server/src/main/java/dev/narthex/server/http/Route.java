// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.util.List;

/**
 * A path and what answers it.
 *
 * @param path below the prefix; {@code :name} stands for one segment
 * @param methods the methods it takes, in capitals; OPTIONS is answered for each route by itself, unless it is among them
 * @param waits whether the endpoint may block, and so has to run on a thread of its own
 * @param needsReady whether it is only answered once the server is ready
 * @param endpoint what answers
 * @param maxBodyBytes a longer body is refused
 */
public record Route(
        String path, List<String> methods, boolean waits, boolean needsReady, Endpoint endpoint, int maxBodyBytes) {
    /** What Prometheus takes of a form body. */
    private static final int FORM_BYTES = 10 << 20;

    public Route {
        methods = List.copyOf(methods);
    }

    /** A route that takes bodies of forms. */
    public Route(String path, List<String> methods, boolean waits, boolean needsReady, Endpoint endpoint) {
        this(path, methods, waits, needsReady, endpoint, FORM_BYTES);
    }

    /** A route that reads: GET. */
    public static Route get(String path, Endpoint endpoint) {
        return new Route(path, List.of("GET"), true, true, endpoint);
    }

    /** A route that reads and whose parameters may be too long for a URL: GET and POST. */
    public static Route getOrPost(String path, Endpoint endpoint) {
        return new Route(path, List.of("GET", "POST"), true, true, endpoint);
    }

    /** A route that takes data: POST. */
    public static Route post(String path, Endpoint endpoint) {
        return new Route(path, List.of("POST"), true, true, endpoint);
    }

    /** A route that acts: POST and PUT. */
    public static Route postOrPut(String path, Endpoint endpoint) {
        return new Route(path, List.of("POST", "PUT"), true, true, endpoint);
    }

    /** A route that answers at once, ready or not: GET and HEAD. */
    public static Route probe(String path, Endpoint endpoint) {
        return new Route(path, List.of("GET", "HEAD"), false, false, endpoint);
    }

    /** Whether it takes data from programs alone, and so has nothing for scripts of other origins. */
    boolean isForPrograms() {
        return methods.equals(List.of("POST"));
    }

    /** Whether its answers are compressed for who asks: not those that come at once, which are short. */
    boolean isCompressed() {
        return waits && !isForPrograms();
    }

    /** A route that answers before the server is ready too. */
    public Route always() {
        return new Route(path, methods, waits, false, endpoint, maxBodyBytes);
    }

    /** A route that takes bodies up to a length. */
    public Route withMaxBodyBytes(int bytes) {
        return new Route(path, methods, waits, needsReady, endpoint, bytes);
    }
}
