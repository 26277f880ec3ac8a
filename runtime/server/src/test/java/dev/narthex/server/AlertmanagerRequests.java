// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random requests to Alertmanager's API: mostly good ones that hit what is there, and odd ones of every kind. */
final class AlertmanagerRequests {
    private static final String NONE = "00000000-0000-4000-8000-000000000000";

    private static final List<String> NAMES = List.of("alertname", "severity", "team", "a", "a b", "é", "a:b", "_");
    private static final List<String> ODD_NAMES = List.of("", "__name__", "1a", "\\u0000", "\\\"q\\\"", "{x}", " ");
    private static final List<String> VALUES = List.of("a", "b", "page", "x", "é", "a b", "");
    private static final List<String> ODD_VALUES = List.of(
            "\\\"q\\\"", "a\\nb", "\\\\", "{}", "a,b", "\\ud83d\\ude00", "\\ud83d", "<&>", " x ", "a=b", "\\u2028");

    private static final List<String> TIMES =
            List.of("2001-01-02T03:04:05.678Z", "2001-02-01T00:00:00Z", "2098-05-01T00:00:00Z", "2099-01-01T00:00:00Z");
    private static final List<String> ODD_TIMES = List.of(
            "",
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00Z",
            "2099-01-01",
            "2099-01-01 03:04:05",
            "2099-01-01T03:04",
            "2099-01-01T03:04:05",
            "2099-01-01T03:04:05.123456789+01:00",
            "2099-01-01T03:04:05,5Z",
            "2099-01-01T03:04:05+0100",
            "2099-01-01T3:04:05Z",
            "2099-13-01T03:04:05Z",
            "2099-02-30T00:00:00Z",
            "2099-01-01T24:00:00Z",
            "2099-01-01T23:59:60Z",
            "2099-01-01T03:04:05.1234567891Z",
            "2099-01-01T03:04:05+17:59",
            "2099-01-01T03:04:05-00:00",
            "2099-01-01T03:04:05 Z",
            "+2099-01-01T03:04:05Z",
            "12099-01-01T03:04:05Z",
            "now",
            "4070908800");

    private static final List<String> URIS = List.of(
            "http://x/y?a=1&b=<2>",
            "http://é/ü",
            "HTTP://X",
            "x:y",
            "//x/y",
            "/x y",
            "http://x\\u0000",
            "http://x#%zz",
            "http://x?%zz",
            "http://u:p@[::1%25en0]:80/",
            "http://[::1]x/",
            "http://x:99999/",
            "http://x:-1/",
            "http://a b:c@x/",
            "x y",
            "1http://x",
            "http:x",
            "http:/x",
            "http:///x",
            "\\\\");

    private static final List<String> OPS = List.of("=", "!=", "=~", "!~");
    private static final List<String> REGEXES =
            List.of("a|b", ".*", ".+", "", "(?i)A", "[ab]", "(", "a{,2}", "\\\\d", "x*", "^a$", "[^x]");

    private static final List<String> FLAGS = List.of("active", "silenced", "inhibited", "unprocessed", "muted");
    private static final List<String> TRUTHS =
            List.of("true", "false", "", "TRUE", "True", "1", "0", "yes", "no", "on", "off", "t", "f", "x", " true");

    private static final List<String> HEADERS = List.of(
            "Accept:*/*",
            "Accept:application/json",
            "Accept:text/html",
            "Accept:application/xml",
            "Accept:text/*",
            "Accept:application/*",
            "Accept:text/html, application/json;q=0.1",
            "Accept:x",
            "Accept:application/json; charset=utf-8",
            "Accept:text/html;q=0.9,*/*;q=0.1",
            "Content-Type:application/json",
            "If-None-Match:*",
            "Range:bytes=0-3",
            "X-HTTP-Method-Override:DELETE");

    private static final List<String> TYPES = List.of(
            "application/json; charset=utf-8",
            "APPLICATION/JSON",
            "application/json;",
            "application/json; x",
            "text/json",
            "application/x-www-form-urlencoded",
            "application/vnd.api+json",
            "json",
            "");

    private final Random random;
    private final List<List<String>> silences = new ArrayList<>();

    AlertmanagerRequests(Random random) {
        this.random = random;
    }

    /**
     * A request.
     *
     * @param path below {@code /api/v2}; {@code ID} stands for a silence's
     * @param ids that silence at Alertmanager and here
     */
    record Request(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable String body,
            List<String> ids) {
        String id(int side) {
            return ids.get(side);
        }

        /** Whether it may be asked again. */
        boolean isRead() {
            return method.equals("GET");
        }

        @Override
        public String toString() {
            return method + " " + path + " " + headers + " " + body;
        }
    }

    /** A silence was made. */
    void known(String theirs, String ours) {
        silences.add(List.of(theirs, ours));
    }

    Request next() {
        int kind = random.nextInt(100);
        if (kind < 45) {
            return list();
        }
        if (kind < 65) {
            return request("POST", "/alerts", damaged(alerts()));
        }
        if (kind < 82) {
            return request("POST", "/silences", damaged(silence()));
        }
        if (kind < 92) {
            String path =
                    "/silence/" + (one(4) ? oneOf(List.of("x", NONE, NONE.toUpperCase(Locale.ROOT), "%20")) : "ID");
            return request(one(2) ? "GET" : "DELETE", path + (one(20) ? "/" : ""), null);
        }
        String path = oneOf(
                List.of("/status", "/receivers", "/alerts", "/alerts/groups", "/silences", "/silence/ID", "/x", ""));
        String method = oneOf(List.of("GET", "PUT", "PATCH", "HEAD", "OPTIONS", "DELETE", "POST"));
        // What each says of itself.
        return method.equals("GET") && path.equals("/status") ? list() : request(method, path, one(2) ? null : "{}");
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private Request request(String method, String path, @Nullable String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (one(12) && method.equals("GET")) {
            String[] header = oneOf(HEADERS).split(":", 2);
            headers.put(header[0], header[1]);
        }
        if (body != null) {
            headers.put("Content-Type", one(25) && method.equals("POST") ? oneOf(TYPES) : "application/json");
            headers.values().removeIf(String::isEmpty);
        }
        List<String> ids = silences.isEmpty() ? List.of(NONE, NONE) : oneOf(silences);
        return new Request(method, path, headers, body, ids);
    }

    private Request list() {
        String path =
                oneOf(List.of("/alerts", "/alerts", "/alerts/groups", "/alerts/groups", "/receivers", "/silences"));
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = random.nextInt(3); i > 0; i--) {
            query.add(one(20) ? oneOf(List.of("filter", "x=1", "=", "filter=%ff", "a;b=c")) : parameter());
        }
        return request("GET", path + query, null);
    }

    private String parameter() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> "filter=" + encoded(matcher());
            case 2 ->
                "receiver="
                        + encoded(oneOf(
                                List.of("hook", "zed", "al.*", "", "not so", "(", "h|z", "^hook$", "(?i)HOOK", "[")));
            case 3 ->
                "receiver_matchers="
                        + encoded(
                                one(3)
                                        ? matcher()
                                        : "name" + oneOf(OPS)
                                                + oneOf(List.of("hook", "zed", ".*e.*", "\"not so\"", "x")));
            default -> oneOf(FLAGS) + "=" + encoded(oneOf(TRUTHS));
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A matcher as a text, the JSON escapes of names and values taken as they are: the worse the better. */
    private String matcher() {
        String name = one(6) ? oneOf(ODD_NAMES.subList(1, ODD_NAMES.size())) : oneOf(NAMES);
        String value = one(3) ? oneOf(REGEXES) : one(4) ? oneOf(ODD_VALUES) : oneOf(VALUES);
        String space = one(8) ? " " : "";
        String text = (one(3) ? "\"" + name + "\"" : name)
                + space
                + oneOf(OPS)
                + space
                + (one(2) ? "\"" + value + "\"" : value);
        return switch (random.nextInt(24)) {
            case 0 -> "{" + text + "}";
            case 1 -> text + ",";
            case 2 -> text + "," + matcher();
            case 3 -> text.substring(0, random.nextInt(text.length() + 1));
            case 4 -> text + oneOf(List.of("\"", "}", "{", "=", "'", "`", "\\", "\t", "\n", "~", "#"));
            case 5 -> "'" + text + "'";
            default -> text;
        };
    }

    /** Now and then with a fault in it. */
    private String damaged(String body) {
        if (!one(12) || body.isEmpty()) {
            return body;
        }
        int at = random.nextInt(body.length());
        return switch (random.nextInt(6)) {
            case 0 -> body.substring(0, at);
            case 1 -> body.substring(0, at) + body.substring(at + 1);
            case 2 ->
                body.substring(0, at)
                        + oneOf(List.of("\"", ",", "}", "0", "null", "//x\n", "\\", "\t"))
                        + body.substring(at);
            case 3 -> body + oneOf(List.of(" ", "x", "[]", "\n\n", ",", "}"));
            case 4 -> oneOf(List.of(" ", "\ufeff", "/**/", "\n")) + body;
            default ->
                oneOf(List.of("", " ", "null", "1", "\"x\"", "{}", "[]", "true", "[[]]", "{\"a\":[1,{\"b\":null}]}"));
        };
    }

    private String alerts() {
        StringJoiner list = new StringJoiner(",", "[", "]");
        for (int i = one(10) ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            list.add(alert());
        }
        return list.toString();
    }

    private String alert() {
        List<String> members = new ArrayList<>();
        member(members, "labels", () -> texts(1 + random.nextInt(3)));
        if (one(2)) {
            // Those without a text are left out here.
            member(members, "annotations", () -> texts(random.nextInt(3)).replace(":\"\"", ":\"y\""));
        }
        if (one(2)) {
            member(members, "startsAt", this::time);
        }
        if (one(2)) {
            member(members, "endsAt", this::time);
        }
        if (one(4)) {
            member(members, "generatorURL", () -> "\"" + oneOf(URIS) + "\"");
        }
        return object(members);
    }

    private String object(List<String> members) {
        if (one(15)) {
            members.add("\"more\":" + oneOf(List.of("1", "[{}]", "\"x\"", "1e999", "-0", "{\"labels\":{\"a\":1}}")));
        }
        if (one(30)) {
            members.remove(random.nextInt(members.size()));
        }
        Collections.shuffle(members, random);
        return "{" + String.join(",", members) + "}";
    }

    /** A member: as it should be, under its name in other cases, of another type, or twice. */
    private void member(List<String> members, String name, Supplier<String> value) {
        String given = one(20) ? name.toUpperCase(Locale.ROOT) : one(30) ? name.toLowerCase(Locale.ROOT) : name;
        boolean isWrong = one(30);
        members.add("\"" + given + "\":" + (isWrong ? wrong() : value.get()));
        if (!isWrong && one(40)) {
            members.add(members.getLast());
        }
    }

    private String wrong() {
        return oneOf(List.of("null", "1", "true", "\"\"", "[]", "{}", "\"x\"", "[null]", "1.5e3"));
    }

    private String time() {
        return "\"" + (one(5) ? oneOf(ODD_TIMES) : oneOf(TIMES)) + "\"";
    }

    private String texts(int count) {
        StringJoiner texts = new StringJoiner(",", "{", "}");
        for (int i = 0; i < count; i++) {
            texts.add("\"" + (one(20) ? oneOf(ODD_NAMES) : oneOf(NAMES)) + "\":"
                    + (one(60) ? wrong() : "\"" + (one(8) ? oneOf(ODD_VALUES) : oneOf(VALUES)) + "\""));
        }
        return texts.toString();
    }

    private String silence() {
        List<String> members = new ArrayList<>();
        if (one(3)) {
            members.add("\"id\":" + (one(8) ? wrong() : one(8) ? "\"x\"" : "\"{ID}\""));
        }
        member(members, "matchers", () -> {
            StringJoiner list = new StringJoiner(",", "[", "]");
            for (int i = one(12) ? 0 : 1 + random.nextInt(2); i > 0; i--) {
                list.add(silenceMatcher());
            }
            return list.toString();
        });
        member(members, "startsAt", this::time);
        member(members, "endsAt", () -> one(4) ? time() : "\"2099-01-01T00:00:00Z\"");
        member(members, "createdBy", () -> "\"" + oneOf(VALUES) + "\"");
        member(members, "comment", () -> "\"" + oneOf(ODD_VALUES) + "\"");
        if (one(6)) {
            member(members, "annotations", () -> texts(random.nextInt(3)));
        }
        return object(members);
    }

    private String silenceMatcher() {
        List<String> members = new ArrayList<>();
        boolean regex = one(3);
        member(members, "name", () -> "\"" + (one(15) ? oneOf(ODD_NAMES) : oneOf(NAMES)) + "\"");
        member(
                members,
                "value",
                () -> "\"" + (regex ? oneOf(REGEXES) : one(8) ? oneOf(ODD_VALUES) : oneOf(VALUES)) + "\"");
        member(members, "isRegex", () -> Boolean.toString(regex));
        if (one(3)) {
            member(members, "isEqual", () -> Boolean.toString(one(2)));
        }
        return object(members);
    }
}
