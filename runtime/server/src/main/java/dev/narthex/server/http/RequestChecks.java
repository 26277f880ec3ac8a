// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before every route, as it does in Prometheus: requests of which it is not sure to whom they are, or where they
 * end, are refused, and paths that can be written shorter are redirected to. Safe for use by many threads.
 */
final class RequestChecks implements Handler<RoutingContext> {
    private static final int MOVED = 301;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final List<String> PROFILED = List.of("GET", "POST");

    private final String prefix;

    RequestChecks(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        MultiMap headers = request.headers();
        String coding = headers.get("Transfer-Encoding");
        String expectation = headers.get("Expect");
        String path = request.path() == null ? "" : request.path();
        if (headers.getAll("Host").size() > 1) {
            refuse(context, 400, "400 Bad Request");
        } else if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            refuse(context, 501, "Unsupported transfer encoding");
        } else if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            refuse(context, 417, "");
        } else if (path.equals(prefix + "/api/v1")) {
            redirect(context, TEMPORARY_REDIRECT, path + "/");
        } else if (path.equals(prefix + "/api/v2")) {
            redirect(context, MOVED, path + "/");
        } else if (path.equals(prefix + "/debug/pprof")
                && PROFILED.contains(request.method().name())) {
            redirect(context, MOVED, path + "/");
        } else if (isUnclean(path)) {
            redirect(context, TEMPORARY_REDIRECT, clean(path));
        } else {
            context.next();
        }
    }

    /** Without another request on the connection: it is not sure where this one ends. */
    private static void refuse(RoutingContext context, int status, String text) {
        HttpServerResponse response = context.response().setStatusCode(status).putHeader("Connection", "close");
        if (!text.isEmpty()) {
            response.putHeader("Content-Type", Response.PLAIN);
        }
        response.end(text);
    }

    private static void redirect(RoutingContext context, int status, String path) {
        String query = context.request().query();
        String location = query == null ? path : path + "?" + query;
        HttpServerResponse response = context.response().setStatusCode(status).putHeader("Location", location);
        String method = context.request().method().name();
        if (method.equals("GET") || method.equals("HEAD")) {
            response.putHeader("Content-Type", Response.HTML);
        }
        String words = status == MOVED ? "Moved Permanently" : "Temporary Redirect";
        response.end(method.equals("GET") ? "<a href=\"" + inHtml(location) + "\">" + words + "</a>.\n\n" : "");
    }

    static String inHtml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
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
