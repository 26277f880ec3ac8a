// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path. Paths are compared decoded, as Prometheus does: a slash that is encoded ends a segment as any
 * other. Immutable.
 */
final class RouteTable {
    private static final int ESCAPE_LENGTH = 3;

    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, String> spellings = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    /** A route whose path has placeholders, cut at slashes. */
    private record Pattern(List<String> segments, Route route) {}

    /**
     * What answers a path.
     *
     * @param values of the placeholders, decoded
     */
    record Match(Route route, Map<String, String> values) {}

    /** Puts a prefix, empty or like {@code /prometheus}, before the paths of routes; of two of one path the first counts. */
    RouteTable(String prefix, List<Route> routes) {
        for (Route route : routes) {
            String path = prefix + route.path();
            if (path.indexOf(':') < 0 && path.indexOf('*') < 0) {
                exact.putIfAbsent(path, route);
                spellings.putIfAbsent(path.toLowerCase(Locale.ROOT), path);
            } else {
                patterns.add(new Pattern(List.of(path.split("/", -1)), route));
            }
        }
    }

    /** The route of a decoded path; null where there is none. */
    @Nullable
    Match find(String path) {
        Route route = exact.get(path);
        if (route != null) {
            return new Match(route, Map.of());
        }
        String[] segments = path.split("/", -1);
        for (Pattern pattern : patterns) {
            Map<String, String> values = values(pattern.segments, segments);
            if (values != null) {
                return new Match(pattern.route, values);
            }
        }
        return null;
    }

    private static @Nullable Map<String, String> values(List<String> pattern, String[] segments) {
        boolean open = pattern.getLast().startsWith("*");
        if (open ? segments.length < pattern.size() : segments.length != pattern.size()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.startsWith(":")) {
                values.put(wanted.substring(1), segments[i]);
            } else if (wanted.startsWith("*")) {
                values.put(
                        wanted.substring(1), String.join("/", List.of(segments).subList(i, segments.length)));
            } else if (!wanted.equals(segments[i])) {
                return null;
            }
        }
        return values;
    }

    /** A path that is there and differs in nothing but capitals and a slash at its end; null where there is none. */
    @Nullable
    String besides(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        String cut = lower.length() > 1 && lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
        return spellings.get(cut);
    }

    /** A path, of which each character is a byte, without its escapes; null where one is broken. */
    static @Nullable String decoded(String path) {
        if (path.chars().allMatch(c -> c != '%' && c < 0x80)) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < path.length() ? digit(path.charAt(i + 1)) : -1;
            int low = i + 2 < path.length() ? digit(path.charAt(i + 2)) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write((high << 4) | low);
            i += ESCAPE_LENGTH - 1;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int digit(char c) {
        return c > 0x7f ? -1 : Character.digit(c, 16);
    }
}
