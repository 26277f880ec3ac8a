// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A path and what answers it.
 *
 * @param path below the prefix; {@code :name} stands for one segment, {@code *name} at the end for all that follow
 * @param methods the methods it takes, in capitals; OPTIONS is answered for each route by itself, unless it is among them
 * @param waits whether the endpoint may block, and so has to run on a thread of its own
 * @param needsReady whether it is only answered once the server is ready
 * @param endpoint what answers
 * @param maxBodyBytes a longer body is refused
 * @param compression of its answers
 * @param isForScripts whether scripts of other origins may ask it, where they may ask the API
 */
public record Route(
        String path,
        List<String> methods,
        boolean waits,
        boolean needsReady,
        Endpoint endpoint,
        int maxBodyBytes,
        Compression compression,
        boolean isForScripts) {
    /** What Prometheus takes of a form body. */
    private static final int FORM_BYTES = 10 << 20;

    public Route {
        methods = List.copyOf(methods);
    }

    /**
     * A route that takes bodies of forms. Its answers are compressed unless they come at once, and are short, or it takes
     * data from programs alone, for which scripts of other origins are not let in either.
     */
    public Route(String path, List<String> methods, boolean waits, boolean needsReady, Endpoint endpoint) {
        this(
                path,
                methods,
                waits,
                needsReady,
                endpoint,
                FORM_BYTES,
                waits && !methods.equals(List.of("POST")) ? Compression.BY_NAME : Compression.NONE,
                !methods.equals(List.of("POST")));
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

    /** What the header Allow says of it. */
    String allowed() {
        return Stream.concat(methods.stream(), Stream.of("OPTIONS")).sorted().collect(Collectors.joining(", "));
    }

    /** A route that answers before the server is ready too. */
    public Route always() {
        return new Route(path, methods, waits, false, endpoint, maxBodyBytes, compression, isForScripts);
    }

    /** A route that takes bodies up to a length. */
    public Route withMaxBodyBytes(int bytes) {
        return new Route(path, methods, waits, needsReady, endpoint, bytes, compression, isForScripts);
    }

    /** A route whose answers are compressed in another way, or not. */
    public Route compressed(Compression how) {
        return new Route(path, methods, waits, needsReady, endpoint, maxBodyBytes, how, isForScripts);
    }

    /** A route that scripts of other origins may not ask. */
    public Route notForScripts() {
        return new Route(path, methods, waits, needsReady, endpoint, maxBodyBytes, compression, false);
    }
}
