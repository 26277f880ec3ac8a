// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests to {@code /api/v2} of a real Alertmanager and of ours, one after the other, so that alerts and silences
 * pile up: after each, both answer alike. One sequence for all builds; {@code -Dalertmanager.requests=} asks for more and
 * {@code -Dtest.seed=} for others.
 */
class AlertmanagerRandomIT {
    private static final int REQUESTS = Integer.getInteger("alertmanager.requests", 600);

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
              - {matchers: ['team=~"a|b"'], receiver: alpha, group_by: [team, 'a b']}
              - {matchers: ['team!=""'], receiver: 'not so', continue: true}
            receivers:
            - {name: zed}
            - {name: hook}
            - {name: alpha}
            - {name: not so}
            """;

    /** What each program says of itself, or sets by its clock. */
    private static final Pattern OWN = Pattern.compile("updatedAt|id|silenceID");

    /** Times that requests name; all others are of now. */
    private static final Pattern GIVEN = Pattern.compile("(000[01]|1970|2001|209[89])-.*");

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}");

    /** What Go's decoder says of a body, or a parser of times, is its own. */
    private static final Pattern WORDS_OF_GO = Pattern.compile("(?s)(parsing \\w+ body from \"\" failed, because).*");

    private static final int MOST_SHOWN = 40;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> send(URI base, AlertmanagerRequests.Request request, int side)
            throws IOException, InterruptedException {
        HttpRequest.Builder built = HttpRequest.newBuilder(
                        URI.create(base + "/api/v2" + request.path().replace("ID", request.id(side))))
                .timeout(Duration.ofSeconds(20))
                .method(
                        request.method(),
                        request.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(
                                        request.body().replace("{ID}", request.id(side))));
        request.headers().forEach(built::header);
        return http.send(built.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String shown(HttpResponse<String> answer, AlertmanagerRequests.Request request) {
        StringBuilder shown = new StringBuilder().append(answer.statusCode());
        boolean anyOrder = answer.statusCode() == 405; // of the methods
        for (String header : List.of("content-type", "cache-control", "vary", "allow")) {
            boolean counts = !(anyOrder && header.equals("allow"))
                    && !(request.method().equals("HEAD") && header.equals("content-type"));
            if (counts) {
                shown.append(' ').append(answer.headers().allValues(header));
            }
        }
        return anyOrder ? shown.toString() : shown + " " + comparable(answer.body(), request.path());
    }

    private static String comparable(String body, String path) {
        if (body.isBlank()) {
            return body;
        }
        try {
            Object answer = withoutOwn(Json.decodeValue(body));
            // Silences that end together have no order.
            if (path.startsWith("/silences") && answer instanceof JsonArray list) {
                answer = new JsonArray(list.stream().map(Json::encode).sorted().toList());
            }
            return Json.encode(answer);
        } catch (DecodeException _) {
            return body;
        }
    }

    private static Object withoutOwn(Object value) {
        return switch (value) {
            case JsonObject object -> {
                Map<String, Object> members = new TreeMap<>();
                for (Map.Entry<String, Object> member : object) {
                    String name = member.getKey();
                    Object of = member.getValue();
                    members.put(
                            name,
                            OWN.matcher(name).matches()
                                    ? "own"
                                    : name.matches("startsAt|endsAt") ? moment(String.valueOf(of)) : withoutOwn(of));
                }
                yield new JsonObject(members);
            }
            case JsonArray array -> {
                List<Object> items = new ArrayList<>();
                array.forEach(item -> items.add(withoutOwn(item)));
                yield new JsonArray(items);
            }
            case String text -> {
                String words = WORDS_OF_GO.matcher(text).replaceAll("$1");
                yield ID.matcher(words).replaceAll("id");
            }
            default -> value;
        };
    }

    /** Times are in UTC here, and in the zone they came in there. */
    private static String moment(String text) {
        try {
            String utc = OffsetDateTime.parse(text).toInstant().toString();
            return GIVEN.matcher(utc).matches() ? utc : "own";
        } catch (DateTimeParseException _) {
            return text;
        }
    }

    @Test
    void answersRandomRequestsAsAlertmanagerDoes() throws Exception {
        AlertmanagerRequests requests = new AlertmanagerRequests(new Seed(Long.getLong(Seed.PROPERTY, 1)).random());
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(own.resolve("prometheus.yml"), "scrape_configs: []\n");
        Files.writeString(own.resolve("alertmanager.yml"), CONFIG);
        List<String> differences = new ArrayList<>();
        try (PeerProcess theirs = PeerProcess.alertmanager(CONFIG, Files.createDirectory(directory.resolve("peer")));
                ServerProcess ours = ServerProcess.start(
                        own,
                        ServerProcess.freePort(),
                        "run",
                        "--config.file=" + own.resolve("prometheus.yml"),
                        "--alertmanager.config.file=" + own.resolve("alertmanager.yml"),
                        "--storage.tsdb.path=" + own.resolve("data"))) {
            for (int i = 0; i < REQUESTS && differences.size() < MOST_SHOWN; i++) {
                AlertmanagerRequests.Request request = requests.next();
                HttpResponse<String> expected;
                try {
                    expected = send(theirs.uri(), request, 0);
                } catch (IOException _) {
                    continue; // hangs up on a null in a list
                }
                HttpResponse<String> actual = send(ours.uri(), request, 1);
                // Alerts come into their groups a little later than they are taken.
                for (int again = 0; again < 40 && !alike(expected, actual, request) && request.isRead(); again++) {
                    LockSupport.parkNanos(50_000_000L);
                    expected = send(theirs.uri(), request, 0);
                    actual = send(ours.uri(), request, 1);
                }
                if (!alike(expected, actual, request)) {
                    String before = i + " ";
                    differences.add(before + request + "\n  theirs " + shown(expected, request) + "\n  ours   "
                            + shown(actual, request));
                }
                if (request.path().equals("/silences") && expected.body().contains("silenceID")) {
                    requests.known(idOf(expected), idOf(actual));
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private static boolean alike(
            HttpResponse<String> expected, HttpResponse<String> actual, AlertmanagerRequests.Request request) {
        return shown(expected, request).equals(shown(actual, request));
    }

    private static String idOf(HttpResponse<String> answer) {
        try {
            return new JsonObject(answer.body()).getString("silenceID", "");
        } catch (DecodeException | ClassCastException _) {
            return "";
        }
    }
}
