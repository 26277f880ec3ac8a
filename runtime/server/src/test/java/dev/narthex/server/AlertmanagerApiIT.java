// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests to a real Alertmanager and to us, on the same configuration: the same status codes, types and JSON
 * but for times, ids and what tells of the program itself; and amtool works on both alike.
 */
class AlertmanagerApiIT {
    private static final String CONFIG = """
            global: {resolve_timeout: 10m}
            route:
              receiver: hook
              group_by: [alertname]
              group_wait: 10ms
              group_interval: 1h
              repeat_interval: 24h
              routes:
              - {matchers: ['severity="page"'], receiver: zed, continue: true, group_by: ['...']}
              - {matchers: ['severity="page"'], receiver: zed, continue: true, group_by: [severity]}
              - {matchers: ['team=~"a|b"'], receiver: alpha}
            receivers:
            - {name: zed}
            - {name: hook}
            - {name: alpha}
            """;

    private static final String ALERTS = """
            [{"labels":{"alertname":"A","severity":"page","team":"a","job":"x"},"annotations":{"s":"<&>"},
              "generatorURL":"http://x/y?a=1&b=2","startsAt":"2026-01-02T03:04:05.678Z","endsAt":"2099-01-01T00:00:00Z"},
             {"labels":{"alertname":"A","severity":"page","team":"c"},"startsAt":"2026-01-02 03:04:05"},
             {"labels":{"alertname":"B","team":"b","gone":""},"startsAt":"2026-01-02","endsAt":"2099-01-01T00:00:00Z"},
             {"labels":{"l":"m"}},{"labels":{"z":"m","instance":"a"}},{"labels":{"b":"m","job":"q","y":"z"}},
             {"labels":{"z":"m","job":"q","instance":"a","c":"d"}},{"labels":{"l":"n"}},{"labels":{"a":"b"}},{"labels":{"ü \\"q\\"":"é"}},
             {"labels":{"alertname":"Over"},"startsAt":"2026-01-02T03:04:05Z","endsAt":"2026-01-03T03:04:05Z"}]""";

    private static final String TIMES = "\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2099-01-01T00:00:00Z\",";
    private static final String AUTHOR = "\"createdBy\":\"me\",\"comment\":\"why\"";

    /** Members that hold what each program says of itself. */
    private static final Pattern OWN = Pattern.compile("updatedAt|id|silenceID");

    private static final String NONE = "00000000-0000-4000-8000-000000000000";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private PeerProcess theirs;
    private ServerProcess ours;

    @BeforeEach
    void start() throws IOException {
        theirs = PeerProcess.alertmanager(CONFIG, Files.createDirectory(directory.resolve("peer")));
        ours = startOurs();
    }

    private ServerProcess startOurs() throws IOException {
        Path own = directory.resolve("own");
        Files.createDirectories(own);
        Files.writeString(own.resolve("prometheus.yml"), "scrape_configs: []\n");
        Files.writeString(own.resolve("alertmanager.yml"), CONFIG);
        return ServerProcess.start(
                own,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + own.resolve("prometheus.yml"),
                "--alertmanager.config.file=" + own.resolve("alertmanager.yml"),
                "--storage.tsdb.path=" + own.resolve("data"));
    }

    @AfterEach
    void stop() {
        // Neither is there where no Alertmanager is, and the test is left out.
        if (ours != null) {
            ours.close();
        }
        if (theirs != null) {
            theirs.close();
        }
        http.close();
    }

    private HttpResponse<String> send(URI base, String method, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/api/v2" + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request to both and compares the answers, words and all. */
    private void same(String method, String path, String type, String body) throws Exception {
        compare(method, path, type, body, true);
    }

    private void same(String path) throws Exception {
        same("GET", path, "", "");
    }

    private void samePost(String path, String body) throws Exception {
        same("POST", path, "application/json", body);
    }

    private void compare(String method, String path, String type, String body, boolean words) throws Exception {
        HttpResponse<String> expected = send(theirs.uri(), method, path, type, body);
        // Alertmanager names the methods in any order.
        boolean anyOrder = expected.statusCode() == 405;
        HttpResponse<String> actual = send(ours.uri(), method, path, type, body);
        String about = method + " " + path + " " + body + "\n" + expected.body() + actual.body();
        assertThat(actual.statusCode()).as(about).isEqualTo(expected.statusCode());
        List<String> headers = new ArrayList<>(List.of("cache-control", "vary"));
        if (!anyOrder) {
            headers.add("allow");
        }
        if (!method.equals("HEAD")) {
            headers.add("content-type");
        }
        for (String header : headers) {
            assertThat(actual.headers().allValues(header))
                    .as(about + header)
                    .isEqualTo(expected.headers().allValues(header));
        }
        if (words && !anyOrder && !method.equals("HEAD")) {
            boolean sorted = path.startsWith("/silences");
            assertThat(comparable(actual.body(), sorted)).as(about).isEqualTo(comparable(expected.body(), sorted));
        }
    }

    /** @param sorted whether the order of a list does not count: silences that end together have none */
    private static String comparable(String body, boolean sorted) {
        if (body.isBlank()) {
            return body;
        }
        Object answer = withoutOwn(Json.decodeValue(body));
        if (sorted && answer instanceof JsonArray list) {
            answer = new JsonArray(list.stream().map(Json::encode).sorted().toList());
        }
        return Json.encodePrettily(answer);
    }

    private static Object withoutOwn(Object value) {
        return switch (value) {
            case JsonObject object -> {
                Map<String, Object> members = new TreeMap<>();
                for (Map.Entry<String, Object> member : object) {
                    boolean isOwn = OWN.matcher(member.getKey()).matches() || isRecent(member);
                    members.put(member.getKey(), isOwn ? "own" : withoutOwn(member.getValue()));
                }
                yield new JsonObject(members);
            }
            case JsonArray array -> {
                List<Object> items = new ArrayList<>();
                array.forEach(item -> items.add(
                        item instanceof String text && text.matches("[0-9a-f-]{36}") ? "id" : withoutOwn(item)));
                yield new JsonArray(items);
            }
            default -> value;
        };
    }

    /** Whether a time was set by the program's clock: those of the test have no day of today. */
    private static boolean isRecent(Map.Entry<String, Object> member) {
        return member.getKey().matches("startsAt|endsAt")
                && !String.valueOf(member.getValue()).matches("(2026-01-0|2099|1970|2098).*");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void answersAboutAlerts() throws Exception {
        same("/alerts");
        same("/alerts/groups");
        same("/receivers");
        samePost("/alerts", ALERTS);
        // Groups are there at once; a silence of one alert and one of a group.
        samePost("/silences", silence("{\"name\":\"l\",\"value\":\"m\",\"isRegex\":false}", ""));
        samePost("/silences", silence("{\"name\":\"team\",\"value\":\"b|c\",\"isRegex\":true}", ""));
        for (String list : List.of("/alerts", "/alerts/groups", "/receivers")) {
            same(list);
            same(list + "/");
            for (String filter : List.of(
                    "team=\"a\"",
                    "team=a",
                    "team=~a|b",
                    "team!~\"a|b\"",
                    "team",
                    "{team=\"a\"}",
                    "{}",
                    "",
                    "x=",
                    "team=\"a\",severity=\"page\"",
                    "team=~\"(\"",
                    "\"ü \\\"q\\\"\"=é",
                    "a b=c",
                    "x=\"a\\nb\"",
                    "x=\"open",
                    "x=b}",
                    "x=b,",
                    ",x=b",
                    "x==b",
                    "=b",
                    "x=a b",
                    "alertname=~.+",
                    "(",
                    "a=~[")) {
                same(list + "?filter=" + encoded(filter));
                same(list + "?receiver_matchers=" + encoded(filter));
            }
            same(list + "?filter=team%3Da&filter=" + encoded("severity=page"));
            for (String receiver : List.of("hook", "zed", "alpha|hook", "ed", "(", "z.*")) {
                same(list + "?receiver=" + encoded(receiver));
            }
            for (String name : List.of("active", "silenced", "inhibited", "unprocessed", "muted")) {
                for (String value : List.of("", "true", "false", "TRUE", "yes", "no", "enabled", "x")) {
                    same(list + "?" + name + "=" + value);
                }
            }
            same(list + "?active=true&active=false");
            same(list + "?active=false&silenced=false");
        }
        same("/receivers?receiver_matchers=" + encoded("name=~.*oo.*"));
    }

    @Test
    void takesAndRefusesAlerts() throws Exception {
        for (String body : List.of(
                "[]",
                "null",
                "[{}]",
                "[{},{}]",
                "[{\"labels\":{}}]",
                "[{\"labels\":null}]",
                "[{\"labels\":{\"a\":\"\"}}]",
                "[{\"labels\":{\"\":\"b\"}}]",
                alert("\"annotations\":{\"\":\"x\"}"),
                alert("\"unknown\":3"),
                alert("\"endsAt\":\"2026-01-01T00:00:00Z\",\"startsAt\":\"2026-01-02T00:00:00Z\""),
                alert("\"startsAt\":\"\""),
                alert("\"startsAt\":null,\"endsAt\":null,\"annotations\":null"),
                "[{\"labels\":{\"a\":\"\"}},{\"labels\":{}},{\"labels\":{\"ok\":\"1\"}}]",
                "[{\"generatorURL\":\"foo\"},{\"labels\":{}}]")) {
            samePost("/alerts", body);
        }
        for (String uri : List.of(
                "",
                "foo",
                "/x",
                "mailto:x",
                "http://x y/",
                "http://x/y z",
                "http://x/%zz",
                "http://[::1",
                "http://x:port/",
                "x#frag",
                "http://",
                ":x",
                "::x y",
                "http://u:p@x:9090/graph?g0.expr=%7B",
                "http://[::1]:9090/",
                "*")) {
            samePost("/alerts", alert("\"generatorURL\":\"" + uri + "\""));
        }
        for (String time : List.of(
                "2026-01-02",
                "2026-01-02T03:04:05",
                "2026-01-02T03:04",
                "2026-01-02T03:04:05.123456789+01:00",
                "2026-01-02T03:04:05+0100",
                "2026-01-02t03:04:05z",
                "2026-01-02T25:00:00Z",
                "20260102T030405Z",
                "x")) {
            compare("POST", "/alerts", "application/json", alert("\"startsAt\":\"" + time + "\""), false);
        }
        // What Go's decoder says of broken JSON is its own.
        for (String body :
                List.of("[", "{}", "x", "\"x\"", "[1]", "[{\"labels\":{\"a\":1}}]", alert("\"startsAt\":5"))) {
            compare("POST", "/alerts", "application/json", body, false);
        }
        samePost("/alerts", "");
        same("POST", "/alerts", "", "");
        same("POST", "/alerts", "text/plain", "[]");
        same("POST", "/alerts", "application/json; charset=utf-8", "[]");
        same("/alerts");
    }

    private static String alert(String member) {
        return "[{\"labels\":{\"a\":\"b\"}," + member + "}]";
    }

    @Test
    void answersOtherMethodsAndPaths() throws Exception {
        for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")) {
            for (String path : List.of("/status", "/receivers", "/alerts/groups", "/nope", "/silence", "/silence/x")) {
                boolean tellsOfItself = method.equals("GET") && path.equals("/status");
                compare(method, path, "", "", !tellsOfItself);
            }
        }
        for (String method : List.of("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")) {
            same(method, "/alerts", "", "");
            same(method, "/silences", "", "");
        }
        JsonObject status =
                new JsonObject(send(ours.uri(), "GET", "/status", "", "").body());
        JsonObject expected =
                new JsonObject(send(theirs.uri(), "GET", "/status", "", "").body());
        assertThat(status.fieldNames()).isEqualTo(expected.fieldNames());
        assertThat(status.getJsonObject("versionInfo").fieldNames())
                .isEqualTo(expected.getJsonObject("versionInfo").fieldNames());
        assertThat(status.getJsonObject("cluster")).isEqualTo(expected.getJsonObject("cluster"));
        assertThat(status.getJsonObject("config").getString("original")).contains("receiver: zed");
    }

    private static String silence(String matchers, String id) {
        return "{\"id\":\"" + id + "\",\"matchers\":[" + matchers + "]," + TIMES + AUTHOR + "}";
    }

    @Test
    void makesAndRefusesSilences() throws Exception {
        same("/silences");
        String good = "{\"name\":\"a\",\"value\":\"x\",\"isRegex\":false}";
        for (String matchers : List.of(
                good,
                "",
                "{}",
                "{\"name\":\"a\",\"value\":\"b\"}",
                "{\"value\":\"x\",\"isRegex\":false}",
                "{\"name\":\"a\",\"isRegex\":false}",
                "{\"name\":\"a\",\"value\":\"\",\"isRegex\":false}",
                "{\"name\":\"a\",\"value\":\".*\",\"isRegex\":true}",
                "{\"name\":\"a\",\"value\":\"(\",\"isRegex\":true}",
                "{\"name\":\"a\",\"value\":\"x\",\"isRegex\":false,\"isEqual\":false}",
                "{\"name\":\"a\",\"value\":\"y.*\",\"isRegex\":true,\"isEqual\":false}",
                "{\"name\":\"\",\"value\":\"x\",\"isRegex\":false}",
                "{\"name\":\"é ü\",\"value\":\"x\",\"isRegex\":false,\"isEqual\":null}",
                good + ",{\"name\":\"e\"}",
                good + ",{\"name\":\"z\",\"value\":\"\",\"isRegex\":false}")) {
            samePost("/silences", silence(matchers, ""));
        }
        samePost("/silences", silence(good, "nope"));
        samePost("/silences", silence(good, NONE));
        String start = "{\"matchers\":[" + good + "],";
        for (String rest : List.of(
                "\"startsAt\":\"2026-01-02T00:00:00Z\",\"endsAt\":\"2026-01-01T00:00:00Z\"," + AUTHOR,
                "\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2026-01-01T00:00:00Z\"," + AUTHOR,
                "\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2026-01-02T00:00:00Z\"," + AUTHOR,
                "\"startsAt\":\"\",\"endsAt\":\"\"," + AUTHOR,
                "\"startsAt\":\"2026-01-01T00:00:00Z\"," + AUTHOR,
                "\"endsAt\":\"2099-01-01T00:00:00Z\"," + AUTHOR,
                TIMES + "\"comment\":\"x\"",
                TIMES + "\"createdBy\":\"x\"",
                TIMES + "\"createdBy\":\"\",\"comment\":\"\"",
                TIMES + AUTHOR + ",\"annotations\":{\"k\":\"v\",\"\":\"\"}",
                "\"startsAt\":\"2098-01-01T00:00:00Z\",\"endsAt\":\"2099-01-01T00:00:00Z\"," + AUTHOR)) {
            samePost("/silences", start + rest + "}");
        }
        samePost("/silences", "{" + TIMES + AUTHOR + "}");
        samePost("/silences", "{}");
        samePost("/silences", "null");
        samePost("/silences", "");
        for (String body : List.of("[]", "x", "{\"matchers\":{}}", silence("{\"name\":1}", ""), silence("3", ""))) {
            compare("POST", "/silences", "application/json", body, false);
        }
        for (String filter :
                List.of("a=x", "a!=x", "a=~x", "a=~.*", "a!~y.*", "nope!=x", "nope=", "z=\"\"", "(", "\"é ü\"=x")) {
            same("/silences?filter=" + encoded(filter));
        }
        same("/silences?filter=a%3Dx&filter=" + encoded("z=\"\""));
        for (String method : List.of("GET", "DELETE")) {
            same(method, "/silence/xx", "", "");
            same(method, "/silence/" + NONE, "", "");
        }
    }

    @Test
    void changesAndEndsSilences() throws Exception {
        for (URI base : List.of(theirs.uri(), ours.uri())) {
            Silencing api = new Silencing(base);
            String first = api.set("", "a", "2026-01-01T00:00:00Z");
            String start = api.get(first).getString("startsAt");
            assertThat(api.set(first, "a", start)).as("the same start").isEqualTo(first);
            String second = api.set(first, "a", "2026-01-01T00:00:00Z");
            assertThat(api.state(first)).as("an earlier start").isEqualTo("expired");
            String third = api.set(second, "b", api.get(second).getString("startsAt"));
            assertThat(api.state(second)).as("other matchers").isEqualTo("expired");
            String pending = api.set(third, "b", "2098-01-01T00:00:00Z");
            assertThat(api.state(third)).as("a later start").isEqualTo("expired");
            assertThat(api.set(pending, "b", "2098-02-01T00:00:00Z")).isEqualTo(pending);
            assertThat(api.state(pending)).isEqualTo("pending");
            api.delete(pending);
            assertThat(api.state(pending)).isEqualTo("expired");
            String again = api.set(pending, "b", "2026-01-01T00:00:00Z");
            assertThat(again).isNotEqualTo(pending);
            assertThat(api.state(again)).isEqualTo("active");
            api.delete(again);
            String end = api.get(again).getString("endsAt");
            api.delete(again);
            assertThat(api.get(again).getString("endsAt")).isEqualTo(end);
        }
        same("/silences?filter=" + encoded("a=x"));
        same("/silences?filter=" + encoded("b=x"));
    }

    /** Silences by the API of one of both. */
    private final class Silencing {
        private final URI base;

        Silencing(URI base) {
            this.base = base;
        }

        String set(String id, String label, String startsAt) throws Exception {
            String matcher = "{\"name\":\"" + label + "\",\"value\":\"x\",\"isRegex\":false}";
            HttpResponse<String> answer = send(
                    base,
                    "POST",
                    "/silences",
                    "application/json",
                    silence(matcher, id).replace("2026-01-01T00:00:00Z", startsAt));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return new JsonObject(answer.body()).getString("silenceID");
        }

        JsonObject get(String id) throws Exception {
            return new JsonObject(send(base, "GET", "/silence/" + id, "", "").body());
        }

        String state(String id) throws Exception {
            return get(id).getJsonObject("status").getString("state");
        }

        void delete(String id) throws Exception {
            HttpResponse<String> answer = send(base, "DELETE", "/silence/" + id, "", "");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void silencesSurviveAKill() throws Exception {
        samePost("/silences", silence("{\"name\":\"a\",\"value\":\"x\",\"isRegex\":false}", ""));
        String before = send(ours.uri(), "GET", "/silences", "", "").body();
        ours.kill();
        ours = startOurs();
        assertThat(send(ours.uri(), "GET", "/silences", "", "").body()).isEqualTo(before);
        samePost("/alerts", "[{\"labels\":{\"a\":\"x\"}}]");
        same("/alerts");
    }

    @Test
    void takesAlertsOfARealPrometheus() throws Exception {
        Path sender = Files.createDirectory(directory.resolve("sender"));
        Path rules = Files.writeString(sender.resolve("rules.yml"), """
                groups:
                - name: g
                  rules:
                  - {alert: Always, expr: vector(7) > 1, labels: {team: b}, annotations: {value: '{{ $value }}'}}
                """);
        String targets = "[{static_configs: [{targets: ['" + theirs.uri().getAuthority() + "', '"
                + ours.uri().getAuthority() + "']}]}]";
        String config = "global: {evaluation_interval: 1s, external_labels: {dc: x}}\nrule_files: ['" + rules
                + "']\nalerting: {alertmanagers: " + targets + "}\n";
        try (PeerProcess _ = PeerProcess.prometheus(config, sender)) {
            for (URI base : List.of(theirs.uri(), ours.uri())) {
                await().atMost(ServerProcess.LIMIT)
                        .until(() -> send(base, "GET", "/alerts", "", "").body().contains("Always"));
            }
        }
        same("/alerts");
        same("/alerts/groups");
        assertThat(send(ours.uri(), "GET", "/alerts", "", "").body()).contains("alpha", "\"dc\":\"x\"");
    }

    @Test
    void worksWithAmtool() throws Exception {
        String[][] lines = {
            {"alert", "add", "alertname=Z", "foo=bar", "--annotation=summary=hi", "--end=2099-01-01T00:00:00Z"},
            {"alert", "query", "-o", "simple"},
            {"alert", "query", "foo=bar", "--receiver=hook", "-o", "extended"},
            {"silence", "query"},
            {"silence", "add", "foo=bar", "-c", "why", "-a", "me"},
            {"silence", "add", "foo=~b.*", "env!=prod", "--duration=2h", "-c", "x", "-a", "you"},
            {"silence", "query", "-q", "foo=bar"},
            {"silence", "query", "--created-by=you"},
            {"silence", "query", "--within=1d"},
            {"alert", "query", "-s"},
            {"alert", "query", "-a"},
            {"silence", "update", "ID", "-c", "longer", "-d", "3h"},
            {"silence", "expire", "ID"},
            {"silence", "query"},
            {"silence", "query", "--expired"},
            {"silence", "expire", NONE},
            {"silence", "query", "foo=~("},
            {"cluster", "show"},
            {"config", "routes", "test", "severity=page", "team=a"},
            {"config", "routes", "show"},
        };
        String[] ids = {"", ""};
        for (String[] line : lines) {
            List<String> shown = new ArrayList<>();
            List<Integer> codes = new ArrayList<>();
            for (int side = 0; side < 2; side++) {
                URI base = side == 0 ? theirs.uri() : ours.uri();
                List<String> arguments = new ArrayList<>(List.of("--no-version-check", "--alertmanager.url=" + base));
                for (String argument : line) {
                    arguments.add(argument.equals("ID") ? ids[side] : argument);
                }
                CommandResult result = CommandResult.of(Peers.amtool(), arguments.toArray(String[]::new));
                codes.add(result.exitCode());
                if (line[0].equals("silence") && line[1].equals("query") && line[2 % line.length].equals("-q")) {
                    ids[side] = result.output().strip();
                }
                shown.add((result.output() + result.errors())
                        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID")
                        .replaceAll("20[2-8]\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC", "TIME"));
            }
            assertThat(shown.get(1)).as(String.join(" ", line)).isEqualTo(shown.get(0));
            assertThat(codes.get(1)).as(String.join(" ", line)).isEqualTo(codes.get(0));
        }
        String exported = CommandResult.of(
                        Peers.amtool(),
                        "--no-version-check",
                        "--alertmanager.url=" + theirs.uri(),
                        "silence",
                        "query",
                        "-o",
                        "json")
                .assertSuccess()
                .output();
        Path file = Files.writeString(directory.resolve("silences.json"), exported);
        int before = new JsonArray(send(ours.uri(), "GET", "/silences", "", "").body()).size();
        CommandResult.of(
                        Peers.amtool(),
                        "--no-version-check",
                        "--alertmanager.url=" + ours.uri(),
                        "silence",
                        "import",
                        "-f",
                        file.toString())
                .assertSuccess();
        assertThat(new JsonArray(send(ours.uri(), "GET", "/silences", "", "").body()))
                .hasSize(before + new JsonArray(exported).size());
    }
}
