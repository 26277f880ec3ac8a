// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before every route, as it does in Prometheus: requests of which it is not sure to whom they are, or where they
 * end, are refused, and paths that can be written shorter are redirected to. Safe for use by many threads.
 */
final class RequestChecks {
    private static final String BAD = "400 Bad Request";
    private static final String TRANSFER_ENCODING = "Transfer-Encoding";
    private static final List<String> PROFILED = List.of("GET", "POST");

    /** What a host is written with, beside letters and digits of ASCII (RFC 3986, section 3.2.2). */
    private static final String OF_HOSTS = "!$%&'()*+,-.:;=[]_~";

    private final String prefix;

    RequestChecks(String prefix) {
        this.prefix = prefix;
    }

    /** Answers a request that no route is to see; gives whether it did. */
    boolean answers(HttpServerRequest request) {
        MultiMap headers = request.headers();
        List<String> hosts = headers.getAll("Host");
        List<String> codings = headers.getAll(TRANSFER_ENCODING);
        String expectation = headers.get("Expect");
        String path = request.path() == null ? "" : request.path();
        boolean whole = path.equals("*") && request.query() == null;
        if (!whole && (!path.startsWith("/") || RouteTable.decoded(path) == null)) {
            refuse(request, 400, BAD);
        } else if (hosts.size() > 1 || headers.contains("")) {
            refuse(request, 400, BAD); // to nobody for sure, or with a line that begins with a colon
        } else if (codings.size() > 1
                || (!codings.isEmpty() && !codings.getFirst().equalsIgnoreCase("chunked"))) {
            refuse(request, 501, "Unsupported transfer encoding");
        } else if (request.version() == null) {
            refuse(request, 505, "505 HTTP Version Not Supported: unsupported protocol version");
        } else if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_1) {
            refuse(request, 400, BAD + ": missing required Host header");
        } else if (!hosts.isEmpty() && !isHost(hosts.getFirst())) {
            refuse(request, 400, BAD + ": malformed Host header");
        } else if (whole) {
            refuse(request, 400, "");
        } else if (expectation != null && !expectation.isEmpty() && !expectation.equalsIgnoreCase("100-continue")) {
            refuse(request, 417, "");
        } else {
            return redirects(request, path);
        }
        return true;
    }

    private boolean redirects(HttpServerRequest request, String path) {
        if (path.equals(prefix + "/api/v1")) {
            Redirect.send(request, Redirect.TEMPORARY, path + "/");
        } else if (path.equals(prefix + "/api/v2")) {
            Redirect.send(request, Redirect.MOVED, path + "/");
        } else if (path.equals(prefix + "/debug/pprof")
                && PROFILED.contains(request.method().name())) {
            Redirect.send(request, Redirect.MOVED, path + "/");
        } else if (isDirectory(path, request.method().name())) {
            boolean reads = request.method().name().equals("GET");
            Redirect.send(request, reads ? Redirect.MOVED : Redirect.TEMPORARY, path + "/");
        } else if (isUnclean(path)) {
            String cleaned = clean(path);
            Redirect.send(request, Redirect.TEMPORARY, cleaned.equals(prefix + "/api/v1") ? cleaned + "/" : cleaned);
        } else {
            return false;
        }
        return true;
    }

    /** What has pages below it only. */
    private boolean isDirectory(String path, String method) {
        return (path.equals(prefix + "/debug") && PROFILED.contains(method))
                || (path.equals(prefix + "/consoles") && method.equals("GET"));
    }

    /** A request that is none: a line, a header or a length that cannot be read. */
    static void refuseUnreadable(HttpServerRequest request, boolean tooLong) {
        if (tooLong) {
            refuse(request, 431, "431 Request Header Fields Too Large");
        } else {
            refuse(request, 400, BAD);
        }
    }

    private static boolean isHost(String host) {
        return host.chars().allMatch(c -> (c <= 0x7f && Character.isLetterOrDigit(c)) || OF_HOSTS.indexOf(c) >= 0);
    }

    /** Without another request on the connection: it is not sure where this one ends. */
    private static void refuse(HttpServerRequest request, int status, String text) {
        HttpServerResponse response = request.response().setStatusCode(status).putHeader("Connection", "close");
        if (!text.isEmpty()) {
            response.putHeader("Content-Type", Response.PLAIN);
        }
        response.end(text);
    }

    private static boolean isUnclean(String path) {
        return path.startsWith("/")
                && (path.contains("//")
                        || path.contains("/./")
                        || path.contains("/../")
                        || path.endsWith("/.")
                        || path.endsWith("/.."));
    }

    /** Without empty segments, and those that mean the same segment or the one above. */
    private static String clean(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                if (!segments.isEmpty()) {
                    segments.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String cleaned = "/" + String.join("/", segments);
        return path.endsWith("/") && cleaned.length() > 1 ? cleaned + "/" : cleaned;
    }
}
