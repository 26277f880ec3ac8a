// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.QuotedString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a request: those of a form body first, then those of the query string, each in their order. As
 * Prometheus does, a pair with a broken escape or a semicolon is left out and the rest stands. Immutable.
 */
public final class FormParameters {
    public static final FormParameters NONE = new FormParameters(Map.of(), "");

    private static final int ESCAPE_LENGTH = 3;

    private final Map<String, List<String>> values;
    private final String problem;

    private FormParameters(Map<String, List<String>> values, String problem) {
        this.values = values;
        this.problem = problem;
    }

    /** Parses a form body and a query string, both without a leading question mark and both possibly empty. */
    public static FormParameters parse(String body, String query) {
        if (body.isEmpty() && query.isEmpty()) {
            return NONE;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        String ofBody = addAll(values, body);
        String ofQuery = addAll(values, query);
        return new FormParameters(values, ofBody.isEmpty() ? ofQuery : ofBody);
    }

    /** Gives the first problem, or nothing. */
    private static String addAll(Map<String, List<String>> values, String encoded) {
        String first = "";
        int length = encoded.length();
        for (int start = 0; start < length; ) {
            int ampersand = encoded.indexOf('&', start);
            int end = ampersand < 0 ? length : ampersand;
            String problem = addPair(values, encoded.substring(start, end));
            first = first.isEmpty() ? problem : first;
            start = end + 1;
        }
        return first;
    }

    private static String addPair(Map<String, List<String>> values, String pair) {
        if (pair.isEmpty()) {
            return "";
        }
        if (pair.indexOf(';') >= 0) {
            return "invalid semicolon separator in query";
        }
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        String broken = brokenEscape(name).isEmpty() ? brokenEscape(value) : brokenEscape(name);
        if (broken.isEmpty()) {
            values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
            return "";
        }
        return "invalid URL escape " + QuotedString.of(broken);
    }

    /** The first escape that is none, empty where all are good. */
    private static String brokenEscape(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (i + 2 >= text.length() || digit(text, i + 1) < 0 || digit(text, i + 2) < 0) {
                return text.substring(i, Math.min(text.length(), i + ESCAPE_LENGTH));
            }
        }
        return "";
    }

    private static int digit(String text, int at) {
        char c = text.charAt(at);
        return c > 0x7f ? -1 : Character.digit(c, 16);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                decoded.write((Character.digit(encoded[i + 1], 16) << 4) | Character.digit(encoded[i + 2], 16));
                i += 2;
            } else {
                decoded.write(encoded[i] == '+' ? ' ' : encoded[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** The same behind another problem, which is none where it is empty. */
    FormParameters after(String earlier) {
        return earlier.isEmpty() ? this : new FormParameters(values, earlier);
    }

    /** What was left out first and why, in Go's words; empty where nothing was. */
    public String problem() {
        return problem;
    }

    /** The first value of a parameter, empty where there is none. */
    public String first(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.getFirst();
    }

    /** All values of a parameter, empty where there is none. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
