// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Random requests to Prometheus' API, to the byte: mostly good ones that find something, and odd ones of every kind, in
 * method, path, parameters, their encoding, headers, body, and how it is framed.
 */
final class RandomHttpRequests {
    /** What a parameter takes. */
    private enum Kind {
        QUERY,
        SELECTOR,
        START,
        TIME,
        DURATION,
        TIMEOUT,
        NUMBER,
        WORD
    }

    private record Parameter(String name, Kind kind) {}

    private record Endpoint(String path, List<String> methods, List<Parameter> parameters) {
        static Endpoint of(String methods, String path, String... parameters) {
            List<Parameter> all = new ArrayList<>();
            for (String parameter : parameters) {
                String[] parts = parameter.split(":", 2);
                all.add(new Parameter(parts[0], Kind.valueOf(parts[1].toUpperCase(Locale.ROOT))));
            }
            return new Endpoint(path, List.of(methods.split(" ")), all);
        }
    }

    private static final String READS = "GET POST";

    private static final String[] RANGE = {"match[]:selector", "start:start", "end:time"};

    /** Those that answer from the data directory. */
    static final int OF_DATA = 0;
    /** Those that answer from what runs. */
    static final int OF_RUNNING = 1;

    private static final List<Endpoint> DATA = List.of(
            Endpoint.of(
                    READS,
                    "/api/v1/query",
                    "query:query",
                    "time:time",
                    "timeout:timeout",
                    "limit:number",
                    "lookback_delta:duration",
                    "stats:word"),
            Endpoint.of(
                    READS,
                    "/api/v1/query_range",
                    "query:query",
                    "start:start",
                    "end:time",
                    "step:duration",
                    "timeout:timeout",
                    "limit:number",
                    "lookback_delta:duration",
                    "stats:word"),
            Endpoint.of(READS, "/api/v1/query_exemplars", "query:query", "start:start", "end:time"),
            Endpoint.of(READS, "/api/v1/format_query", "query:query"),
            Endpoint.of(READS, "/api/v1/parse_query", "query:query"),
            Endpoint.of(READS, "/api/v1/series", "match[]:selector", "start:start", "end:time"),
            Endpoint.of(READS, "/api/v1/labels", RANGE),
            Endpoint.of("GET", "/api/v1/label/job/values", RANGE),
            Endpoint.of("GET", "/api/v1/label/__name__/values", RANGE),
            Endpoint.of("GET", "/api/v1/label/U__my_2e_label/values", RANGE),
            Endpoint.of("GET", "/api/v1/label/my.label/values", RANGE),
            Endpoint.of("GET", "/federate", "match[]:selector"),
            Endpoint.of("POST", "/api/v1/read"),
            Endpoint.of("POST", "/api/v1/write"),
            Endpoint.of("POST", "/api/v1/otlp/v1/metrics"),
            Endpoint.of("POST PUT", "/-/reload"),
            Endpoint.of("POST PUT", "/-/quit"),
            Endpoint.of("GET HEAD", "/-/healthy"),
            Endpoint.of("GET HEAD", "/-/ready"),
            Endpoint.of("GET", "/api/v1/status/tsdb", "limit:number"),
            Endpoint.of("GET", "/api/v1/status/tsdb/blocks"),
            Endpoint.of("GET", "/api/v1/status/walreplay"),
            Endpoint.of(READS, "/api/v1/search/metric_names", "search[]:word", "limit:number"));

    private static final List<Endpoint> RUNNING = List.of(
            Endpoint.of("GET", "/api/v1/targets", "state:word", "scrapePool:word"),
            Endpoint.of("GET", "/api/v1/targets/metadata", "match_target:selector", "metric:word"),
            Endpoint.of("GET", "/api/v1/targets/relabel_steps", "scrapePool:word", "labels:word"),
            Endpoint.of("GET", "/api/v1/metadata", "limit_per_metric:number", "metric:word"),
            Endpoint.of("GET", "/api/v1/scrape_pools"),
            Endpoint.of("GET", "/api/v1/scrape_pools/config", "scrapePool:word"),
            Endpoint.of(
                    "GET",
                    "/api/v1/rules",
                    "type:word",
                    "rule_name[]:word",
                    "rule_group[]:word",
                    "file[]:word",
                    "match[]:selector",
                    "exclude_alerts:word",
                    "group_limit:number",
                    "group_next_token:word"),
            Endpoint.of("GET", "/api/v1/alerts"),
            Endpoint.of("GET", "/api/v1/alertmanagers"),
            Endpoint.of("GET", "/api/v1/status/config"),
            Endpoint.of("GET", "/api/v1/status/flags"),
            Endpoint.of("GET", "/api/v1/status/runtimeinfo"),
            Endpoint.of("GET", "/api/v1/status/buildinfo"),
            Endpoint.of("GET", "/api/v1/status/self_metrics", "metric_name_pattern:word"),
            Endpoint.of("GET", "/api/v1/features"),
            Endpoint.of("GET", "/api/v1/notifications"),
            Endpoint.of("GET", "/api/v1/openapi.yaml", "openapi_version:word"),
            Endpoint.of("POST PUT", "/api/v1/admin/tsdb/delete_series", "match[]:selector", "start:start", "end:time"),
            Endpoint.of("POST PUT", "/api/v1/admin/tsdb/clean_tombstones"),
            Endpoint.of("POST PUT", "/api/v1/admin/tsdb/snapshot", "skip_head:word"),
            Endpoint.of("GET", "/metrics"),
            Endpoint.of("GET", "/version"));

    private static final List<String> QUERIES = List.of(
            "up",
            "shop_requests_total",
            "shop_requests_total{code=\"200\"}",
            "rate(shop_requests_total[10s])",
            "sum by (code) (shop_requests_total)",
            "shop_temperature",
            "shop_seconds",
            "histogram_quantile(0.9, shop_seconds)",
            "{\"shop.visits\"}",
            "{\"shop.visits\",\"my.label\"=\"é\"}",
            "up[5s]",
            "1",
            "\"<&>é\"",
            "1/0",
            "time() > bool 5",
            "topk(1, up)",
            "absent(nope)",
            "up offset 1s",
            "up @ end()",
            "label_replace(up, \"x\", \"<$1>\", \"job\", \"(.*)\")",
            "count_over_time(up[1m:1s])");
    private static final List<String> ODD_QUERIES = List.of(
            "",
            " ",
            "up{",
            "sum(up",
            "foo(up)",
            "up{job=~\"(\"}",
            "up[",
            "rate(up)",
            "{}",
            "up and 1",
            "1 +",
            "up[0s]",
            "up{a=b}",
            "\u2028",
            "\ud83d\ude00",
            "up\nup",
            "up # comment",
            "'\\xff'",
            "shop_requests_total + on(job) shop_requests_total",
            "up * on() up",
            "up[1m:0s]",
            "label_replace(up, \"\", \"$1\", \"job\", \"(.*)\")",
            "quantile(2, up)",
            "__name__",
            "0x",
            "\"\u0007\"");
    private static final List<String> SELECTORS = List.of(
            "up",
            "shop_requests_total",
            "{__name__=~\"shop.*\"}",
            "{job=\"shop\"}",
            "{job=~\".+\"}",
            "{\"shop.visits\"}",
            "nope",
            "shop_requests_total{code!=\"200\"}",
            "{team=\"shop\"}");
    private static final List<String> ODD_SELECTORS = List.of(
            "", "{}", "up{", "{job=~\".*\"}", "up[5m]", "sum(up)", "1", "up offset 1s", "{a=\"\"}", "{a=~\"(\"}");
    private static final List<String> TIMES =
            List.of("T", "T+1", "T+2", "T+3", "T+5", "T+8", "T.5", "T.0005", "2023-11-14T22:13:20Z");

    /** No end is before them: of such a range Prometheus shows what lies about it. */
    private static final List<String> STARTS = List.of("T", "T-1", "T-2", "T-3", "T-5", "T-8", "2023-11-14T22:13:20Z");
    /** Not those before 1677 or after 2262, of which Prometheus makes any other time. */
    private static final List<String> ODD_TIMES = List.of(
            "",
            "0",
            "-1",
            "-0",
            "1e3",
            "1e9",
            "-1e9",
            "9223372036",
            "-9223372036",
            "1e400",
            "0x10",
            "1_0",
            "1s",
            "now",
            " 1",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-11-14T22:13:20.123456789Z",
            "2023-11-14t22:13:20z",
            "1678-01-01T00:00:00Z",
            "2262-04-11T23:47:16Z");

    private static final List<String> DURATIONS = List.of("1", "2", "5", "1s", "2s", "1m", "0.5", "1.5", "1h", "500ms");
    private static final List<String> ODD_DURATIONS = List.of(
            "",
            "0",
            "0s",
            "-1",
            "-1s",
            "-0",
            "1x",
            "s",
            "1 s",
            "1M",
            "1.5s",
            "1s1m",
            "1y",
            "300y",
            "NaN",
            "Inf",
            "-Inf",
            "1e300",
            "1e-9",
            "0.0001",
            "0.001",
            "9223372036",
            "9223372037",
            "99999999999999999999s",
            "1us",
            "1ns",
            "0x1",
            "+1s",
            "1d12h");
    private static final List<String> TIMEOUTS = List.of("30", "1m", "90s", "60.5", "2m");
    /** None that is over before a query is. */
    private static final List<String> ODD_TIMEOUTS = List.of(
            "",
            "1x",
            "s",
            "1 m",
            "90.5s",
            "1s1m",
            "300y",
            "NaNs",
            "Inf",
            "-Inf",
            "1e300",
            "9223372037",
            "1us",
            "0x1e",
            "+1m");

    private static final List<String> NUMBERS = List.of("1", "2", "3", "10", "100", "0");
    private static final List<String> ODD_NUMBERS = List.of(
            "",
            "-1",
            "+1",
            "1.0",
            "1e2",
            "0x1",
            "01",
            " 1",
            "one",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "99999999999999999999",
            "١",
            "1_0");
    private static final List<String> WORDS = List.of(
            "all",
            "true",
            "false",
            "active",
            "dropped",
            "any",
            "shop",
            "two",
            "other",
            "empty",
            "alert",
            "record",
            "Firing",
            "a:b",
            "shop_seconds",
            "shop_requests_total",
            "3.1",
            "3.2",
            "{\"job\":\"shop\"}",
            "{\"__address__\":\"a:1\",\"a\":\"b\"}",
            "go_.*");
    private static final List<String> ODD_WORDS = List.of(
            "", " ", "1", "0", "t", "F", "TRUE", "nope", "é", "\u0000", "{}", "{\"a\":1}", "null", "(", "<&>\"'", "A");

    private static final List<String> METHODS =
            List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get", "FOO");
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/json",
            "application/x-www-form-urlencoded; charset=utf-8",
            "application/x-www-form-urlencoded;charset",
            "application/x-www-form-urlencoded;;",
            "APPLICATION/X-www-form-urlencoded",
            " application/x-www-form-urlencoded ",
            "application/x-www-form-urlencoded, text/plain",
            "application/x-www-form-urlencoded x",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=",
            "application/x-protobuf",
            "",
            ";",
            "/");
    private static final List<String> ACCEPTS = List.of(
            "*/*",
            "application/json",
            "text/html",
            "text/html;q=0.9, application/json;q=0.1",
            "application/msgpack",
            "application/openmetrics-text",
            "application/openmetrics-text;version=1.0.0",
            "application/openmetrics-text; version=0.0.1; q=0.5,text/plain;q=0.4",
            "text/plain;version=1.0.0;escaping=underscores",
            "",
            ";;",
            "application/json;q=0",
            "*/json",
            "application/*",
            "*");
    private static final List<String> CODINGS = List.of(
            "gzip",
            "deflate",
            "gzip, deflate",
            "deflate, gzip",
            "zstd",
            "br",
            "identity",
            "*",
            "",
            "gzip;q=0",
            "gzip;q=0.0, deflate",
            "gzip;q=0.5, deflate;q=0.9",
            "deflate;q=1, gzip;q=0.1",
            "GZIP",
            "x-gzip",
            "gzip;",
            "gzip ;q=1",
            "gzip;q=x",
            "gzip;q=2",
            "identity;q=0",
            "snappy");
    private static final List<String> ORIGINS = List.of(
            "http://shop.example",
            "https://a.shop.example",
            "http://shop.example.org",
            "http://other.example",
            "null",
            "",
            "HTTP://SHOP.EXAMPLE",
            "http://shop.example:80",
            "http://shop.example, http://other.example");
    /** Whole lines: of hosts, expectations, framing, and of what is none. */
    private static final List<String> ODD_LINES = List.of(
            "Expect: x",
            "Expect:",
            "Connection: close",
            "Connection: keep-alive",
            "Connection: Close, x",
            "Connection: upgrade\r\nUpgrade: websocket",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "Host: other",
            "X-Forwarded-For: 1.2.3.4",
            "X-HTTP-Method-Override: POST",
            "Authorization: Basic YTpi",
            "Range: bytes=0-3",
            "If-None-Match: *",
            "If-Modified-Since: Tue, 14 Nov 2034 22:13:20 GMT",
            "Cookie: a=b",
            "X: é",
            "X : y",
            "X\u0000: y",
            "no colon",
            ": no name",
            "X: a\r\n b",
            " X: a",
            "X: a\u0000b",
            "X: a\u007fb",
            "X:",
            "Te: trailers",
            "Trailer: x",
            "Content-Encoding: gzip",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: gzip, chunked",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: x-y",
            "X-Prometheus-API-Version: 2");

    private final Random random;
    private final List<Endpoint> endpoints;
    private final long second;
    private final String ruleFile;

    /**
     * Makes a source of requests.
     *
     * @param which {@link #OF_DATA} or {@link #OF_RUNNING}
     * @param second a second in the midst of the data
     * @param ruleFile the path of the rule file, where there is one
     */
    RandomHttpRequests(Random random, int which, long second, String ruleFile) {
        this.random = random;
        this.endpoints = which == OF_DATA ? DATA : RUNNING;
        this.second = second;
        this.ruleFile = ruleFile;
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** The next request: its bytes as the characters of the same number; {@code {HOST}} stands for the server. */
    String next() {
        Endpoint endpoint = oneOf(endpoints);
        String method = one(10) ? oneOf(METHODS) : oneOf(endpoint.methods);
        boolean hasBody = switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> one(40);
            default -> !one(12);
        };
        StringBuilder query = new StringBuilder();
        StringBuilder form = new StringBuilder();
        for (Parameter parameter : endpoint.parameters) {
            for (int i = one(12) ? 0 : one(14) ? 2 : 1; i > 0; i--) {
                boolean required = parameter.kind == Kind.QUERY || parameter.kind == Kind.SELECTOR || !one(3);
                if (required) {
                    pair(hasBody && !one(8) ? form : query, parameter.name, value(parameter.kind));
                }
            }
        }
        if (one(20)) {
            pair(one(2) ? form : query, oneOf(List.of("x", "", "query", "match", "limit", "é")), oneOf(ODD_WORDS));
        }
        if (one(40)) {
            query.append(
                    bytes(oneOf(List.of("&", "&&a", "=", "%", "%zz", "&a;b", "&a=b=c", "?", "#x", "&%00", "&é", "|"))));
        }
        return head(method, path(endpoint.path), query, hasBody) + body(hasBody, form);
    }

    private String value(Kind kind) {
        boolean good = !one(6);
        return switch (kind) {
            case QUERY -> oneOf(good ? QUERIES : ODD_QUERIES);
            case SELECTOR -> oneOf(good ? SELECTORS : ODD_SELECTORS);
            case START -> time(oneOf(good ? STARTS : ODD_TIMES));
            case TIME -> time(oneOf(good ? TIMES : ODD_TIMES));
            case DURATION -> oneOf(good ? DURATIONS : ODD_DURATIONS);
            case TIMEOUT -> oneOf(good ? TIMEOUTS : ODD_TIMEOUTS);
            case NUMBER -> oneOf(good ? NUMBERS : ODD_NUMBERS);
            case WORD -> one(12) ? ruleFile : oneOf(good ? WORDS : ODD_WORDS);
        };
    }

    private String time(String text) {
        if (!text.startsWith("T")) {
            return text;
        }
        String rest = text.substring(1);
        return rest.startsWith(".")
                ? second + rest
                : Long.toString(second + (rest.isEmpty() ? 0 : Long.parseLong(rest)));
    }

    private void pair(StringBuilder into, String name, String value) {
        String written = one(60) ? name.replace("[]", "") : one(80) ? name.toUpperCase(Locale.ROOT) : name;
        into.append(into.isEmpty() ? "" : one(100) ? ";" : "&").append(encoded(written));
        if (!(value.isEmpty() && one(2))) {
            into.append('=').append(encoded(value));
        }
        if (one(120)) {
            into.append(oneOf(List.of("%", "%f", "%zz", ";", "+", "%00")));
        }
    }

    /** Percent-encoded: what has to be, or more, or less. */
    private String encoded(String text) {
        int way = one(8) ? 1 + random.nextInt(3) : 0;
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain = (Character.isLetterOrDigit(c) && c < 0x80) || "-_.~".indexOf(c) >= 0;
            boolean must = c <= ' ' || c == 0x7f || "&=+%#;".indexOf(c) >= 0;
            if (c == ' ' && way != 2) {
                encoded.append(one(2) ? "+" : "%20");
            } else if ((plain && way != 3) || (way == 1 && !must)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, way == 2 ? "%%%02x" : "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    private String path(String path) {
        if (!one(9)) {
            return path;
        }
        int slash = path.indexOf('/', 1 + random.nextInt(Math.max(1, path.length() - 1)));
        int at = slash < 0 ? path.length() : slash;
        String before = path.substring(0, at);
        String after = path.substring(at);
        int letter = 1 + random.nextInt(path.length() - 1);
        return switch (random.nextInt(18)) {
            case 0 -> path + "/";
            case 1 -> path + "/x";
            case 2 -> before + "/" + after;
            case 3 -> before + "/." + after;
            case 4 -> before + "/x/.." + after;
            case 5 -> before + "/.." + after;
            case 6 -> after.isEmpty() ? path + "%2F" : before + "%2F" + after.substring(1);
            case 7 ->
                path.substring(0, letter)
                        + String.format(Locale.ROOT, "%%%02x", (int) path.charAt(letter))
                        + path.substring(letter + 1);
            case 8 -> path.toUpperCase(Locale.ROOT);
            case 9 -> before;
            case 10 ->
                path + oneOf(List.of("%", "%zz", "%00", "%ff", "é", ";x", "//", "%3f", "%20", "+", "*", ":", "\\"));
            case 11 -> "http://{HOST}" + path;
            case 12 -> "http://other.example" + path;
            case 13 -> oneOf(List.of("*", "", "/api", "/api/", "/api/v1", "/api/v1/", "/nope", "x", "//x"));
            case 14 ->
                "/api/v1/label/"
                        + oneOf(List.of(
                                "",
                                "U__",
                                "U__a",
                                "U__a_",
                                "U__my_2e_label",
                                "my.label",
                                "%6aob",
                                "a%2Fb",
                                "a/b",
                                "%22",
                                "1a",
                                "é",
                                "__name__",
                                "U___zz_",
                                "a%20b",
                                "U__a__b",
                                "Upper",
                                "%zz",
                                "a:b"))
                        + "/values";
            case 15 ->
                oneOf(List.of(
                        "/debug/pprof/cmdline",
                        "/debug/pprof/symbol",
                        "/debug/pprof/nope",
                        "/debug",
                        "/debug/",
                        "/consoles",
                        "/consoles/",
                        "/consoles/x",
                        "/user",
                        "/user/",
                        "/user/x",
                        "/api/v1/status",
                        "/api/v1/label",
                        "/api/v1/label/x",
                        "/api/v1/admin/tsdb",
                        "/-/",
                        "/-"));
            case 16 -> path + "?";
            default -> "/" + path;
        };
    }

    private String head(String method, String path, StringBuilder query, boolean hasBody) {
        String version = one(40)
                ? oneOf(List.of("HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/1"))
                : "HTTP/1.1";
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(bytes(path))
                .append(query.isEmpty() ? "" : "?")
                .append(query)
                .append(' ')
                .append(version)
                .append("\r\n");
        if (!one(60)) {
            line(
                    head,
                    "Host: "
                            + (one(30)
                                    ? oneOf(List.of("", "x y", "other", "[::1]", "a/b", "é", "x:99999"))
                                    : "{HOST}"));
        }
        if (one(5)) {
            line(head, "Accept: " + oneOf(ACCEPTS));
        }
        if (one(4)) {
            line(head, "Accept-Encoding: " + oneOf(CODINGS));
        }
        if (one(5)) {
            line(head, "Origin: " + oneOf(ORIGINS));
        }
        if (one(16)) {
            line(head, oneOf(ODD_LINES));
        }
        if (hasBody ? !one(20) : one(20)) {
            line(head, "Content-Type: " + (one(8) ? oneOf(TYPES) : "application/x-www-form-urlencoded"));
        }
        return head.toString();
    }

    private static void line(StringBuilder head, String line) {
        head.append(bytes(line)).append("\r\n");
    }

    /** The bytes of a text in UTF-8, a character each. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The empty line with, before it, how the body is framed, and the body. */
    private String body(boolean hasBody, StringBuilder form) {
        if (!hasBody) {
            return "\r\n";
        }
        String text = form.toString();
        if (one(40)) {
            return oneOf(List.of(
                            "Content-Length: -1",
                            "Content-Length: +" + text.length(),
                            "Content-Length: x",
                            "Content-Length:",
                            "Content-Length: " + text.length() + "\r\nContent-Length: 1" + text.length(),
                            "Content-Length: 0" + text.length(),
                            "Content-Length: 99999999999999999999",
                            "Content-Length: 0",
                            "Content-Length: " + Math.min(3, text.length()),
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked, chunked",
                            "Transfer-Encoding: chunked;x"))
                    + "\r\n\r\n" + text;
        }
        if (!one(6)) {
            return "Content-Length: " + text.length() + "\r\n\r\n" + text;
        }
        String size = Integer.toHexString(text.length());
        String chunks = text.isEmpty()
                ? "0\r\n\r\n"
                : switch (random.nextInt(12)) {
                    case 0 -> size.toUpperCase(Locale.ROOT) + ";a=b\r\n" + text + "\r\n0\r\n\r\n";
                    case 1 -> "000" + size + "\r\n" + text + "\r\n0\r\nX: y\r\n\r\n";
                    case 2 -> size + " \r\n" + text + "\r\n0\r\n\r\n";
                    case 3 -> size + "\n" + text + "\n0\n\n";
                    case 4 -> "x\r\n" + text + "\r\n0\r\n\r\n";
                    case 5 -> "-1\r\n" + text + "\r\n0\r\n\r\n";
                    case 6 -> "ffffffffffffffffff\r\n" + text + "\r\n0\r\n\r\n";
                    case 7 -> size + "\r\n" + text + "x\r\n0\r\n\r\n";
                    default -> {
                        int cut = 1 + random.nextInt(text.length());
                        String first = Integer.toHexString(cut) + "\r\n" + text.substring(0, cut) + "\r\n";
                        String second = cut == text.length()
                                ? ""
                                : Integer.toHexString(text.length() - cut) + "\r\n" + text.substring(cut) + "\r\n";
                        yield first + second + "0\r\n\r\n";
                    }
                };
        return "Transfer-Encoding: chunked\r\n\r\n" + chunks;
    }
}
