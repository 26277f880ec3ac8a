// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.files.DataDirectory;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import dev.narthex.wire.ProtobufWriter;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests to Prometheus 3.15 and to us, to the byte, about the same data and the same targets and rules: status,
 * headers and JSON are equal. One sequence for all builds; {@code -Dhttp.requests=} asks for more and
 * {@code -Dtest.seed=} for others.
 */
class HttpRandomIT {
    private static final int REQUESTS = Integer.getInteger("http.requests", 400);
    private static final int MOST_SHOWN = Integer.getInteger("http.shown", 40);

    /** Long ago, so that what is asked without a time finds nothing that could change. */
    private static final long SECOND = 1_700_000_000;

    private static final String ORIGINS = "--web.cors.origin=https?://(shop|[a-z]+\\.shop)\\.example";

    private static final List<String> HEADERS = List.of(
            "content-type",
            "content-encoding",
            "location",
            "allow",
            "vary",
            "x-content-type-options",
            "access-control-allow-origin",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-expose-headers",
            "cache-control",
            "www-authenticate",
            "retry-after",
            "upgrade",
            "connection");

    /** Where each program tells of itself; what it tells is compared elsewhere. */
    private static final Pattern OWN = Pattern.compile("status/(buildinfo|runtimeinfo|flags|config|tsdb|self_metrics)|"
            + "features|openapi|/metrics$|version|scrape_pools/config|cmdline|symbol");

    /** What is said of odd lines of a head, and of JSON that is none, is of each program; so are names of snapshots. */
    private static final Pattern WORDS = Pattern.compile("(400 Bad Request|\"name\":\"(?=20\\d{6}T))[^\"]*");

    private static final String EXPOSITION = """
            # HELP shop_requests_total Requests.
            # TYPE shop_requests_total counter
            shop_requests_total{code="200",path="/"} 100
            # TYPE shop_temperature gauge
            # HELP shop_temperature How <warm>.
            shop_temperature{zone="é"} -1.5e-7
            # TYPE shop_seconds histogram
            shop_seconds_bucket{le="+Inf"} 4
            shop_seconds_sum 7.5
            shop_seconds_count 4
            """;

    private static final String RULES = """
            groups:
            - name: shop
              interval: 1s
              labels: {team: shop}
              rules:
              - {record: 'a:b', expr: vector(2), labels: {a: b}}
              - alert: Firing
                expr: vector(1)
                labels: {severity: critical}
                annotations: {summary: '<is> {{ $value }}'}
              - {alert: Never, expr: 'vector(1) == 7', for: 5m, keep_firing_for: 1m}
            - name: other
              interval: 1s
              rules:
              - {record: 'x:y', expr: 'vector(1) + on(a) group_left(b) vector(1)'}
              - {alert: Pending, expr: vector(1), for: 1h}
            """;

    private static final String JOBS = """
            global: {scrape_interval: 1s, external_labels: {cluster: c}}
            rule_files: ['RULES']
            scrape_configs:
            - {job_name: shop, static_configs: [{targets: ['TARGET'], labels: {team: x}}]}
            - job_name: two
              metrics_path: /x
              params: {a: [b]}
              static_configs: [{targets: ['127.0.0.1:1']}]
            - job_name: dropped
              static_configs: [{targets: ['a:1']}]
              relabel_configs: [{source_labels: [__address__], regex: 'a:1', action: drop}]
            - job_name: empty
            """;

    @TempDir
    private Path directory;

    private final long now = WallClock.system().millis() / 1000;

    private static Path newest() {
        Optional<Path> newest = Peers.newestPrometheus();
        assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        return newest.orElseThrow();
    }

    /** Twenty seconds of data about {@link #SECOND}, in a log. */
    private static ProtobufWriter data() {
        ProtobufWriter message = new ProtobufWriter();
        for (List<String> labels : List.of(
                List.of("__name__", "shop.visits", "my.label", "a b"),
                List.of("__name__", "shop.visits", "my.label", "é"),
                List.of("__name__", "shop_requests_total", "code", "200", "job", "shop", "path", "/"),
                List.of("__name__", "shop_requests_total", "code", "500", "job", "shop", "path", "/<cart>&\"x\""),
                List.of("__name__", "shop_temperature", "job", "shop", "zone", "é\n"),
                List.of("__name__", "up", "instance", "a:1", "job", "shop"),
                List.of("__name__", "up", "instance", "b:1", "job", "other"))) {
            ProtobufWriter series = RemoteWriteBody.series(labels);
            boolean odd = labels.contains("zone");
            double[] values = {-1.5e-7, Double.POSITIVE_INFINITY, Double.NaN, 1e21};
            for (int i = -10; i <= 10; i++) {
                double value = odd ? values[i & 3] : labels.contains("up") ? i & 1 : 100 + i * labels.hashCode() % 7;
                series.message(2, RemoteWriteBody.sample((SECOND + i) * 1000, value));
            }
            message.message(1, series);
        }
        ProtobufWriter series = RemoteWriteBody.series(List.of("__name__", "shop_seconds", "job", "shop"));
        for (int i = -10; i <= 10; i++) {
            series.message(
                    4,
                    new ProtobufWriter()
                            .int64(1, 45 + 3L * i)
                            .float64(3, 70 + i)
                            .sint64(4, 0)
                            .float64(5, 0.001)
                            .int64(6, 15 + i)
                            .message(11, new ProtobufWriter().sint64(1, 0).int64(2, 2))
                            .message(12, new ProtobufWriter().zigzag(15 + i).zigzag(0))
                            .int64(15, (SECOND + i) * 1000));
        }
        return message.message(1, series);
    }

    private static ServerProcess narthex(Path place, String configuration, String... flags) throws IOException {
        Files.writeString(place.resolve("prometheus.yml"), configuration);
        return ServerProcess.start(
                place,
                ServerProcess.freePort(),
                Stream.concat(
                                Stream.of(
                                        "run",
                                        "--config.file=" + place.resolve("prometheus.yml"),
                                        "--storage.tsdb.path=" + place.resolve("data")),
                                Stream.of(flags))
                        .toArray(String[]::new));
    }

    private Path place(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    @Test
    void answersRandomRequestsAboutDataAsPrometheusDoes() throws Exception {
        Path newest = newest();
        Path ours = place("ours");
        Path theirs = place("theirs");
        String configuration = "global: {scrape_interval: 1s}\n";
        try (ServerProcess writing = narthex(ours, configuration, "--web.enable-remote-write-receiver");
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(
                                    RemoteWriteBody.request(writing.uri(), data())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(writing.terminate()).isZero();
        }
        DataDirectory.copy(ours.resolve("data"), theirs.resolve("data"));
        try (PeerProcess prometheus = PeerProcess.prometheus(newest, configuration, theirs, ORIGINS);
                ServerProcess narthex = narthex(ours, configuration, ORIGINS)) {
            compare(prometheus.uri(), narthex.uri(), RandomHttpRequests.OF_DATA, "");
        }
    }

    @Test
    void answersRandomRequestsAboutWhatRunsAsPrometheusDoes() throws Exception {
        Path newest = newest();
        Path rules = Files.writeString(directory.resolve("rules.yml"), RULES);
        try (LoopbackServer shop = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                out, "text/plain; version=0.0.4", EXPOSITION.getBytes(StandardCharsets.UTF_8)))) {
            String jobs = JOBS.replace("RULES", rules.toString()).replace("TARGET", shop.address());
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest, jobs, place("theirs"), "--web.enable-admin-api", ORIGINS);
                    ServerProcess narthex = narthex(place("ours"), jobs, "--web.enable-admin-api", ORIGINS)) {
                for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                    await().atMost(ServerProcess.LIMIT)
                            .pollInterval(Duration.ofMillis(200))
                            .until(() -> hasBegun(server));
                }
                compare(prometheus.uri(), narthex.uri(), RandomHttpRequests.OF_RUNNING, rules.toString());
            }
        }
    }

    /** Whether each target was scraped and each rule evaluated, and what they say was seen. */
    private static boolean hasBegun(URI server) throws IOException {
        return !body(server, "/api/v1/rules").contains("\"unknown\"")
                && !body(server, "/api/v1/targets").contains("\"unknown\"")
                && body(server, "/api/v1/metadata").contains("shop_seconds");
    }

    private static String body(URI server, String path) throws IOException {
        return RawHttp.ask(server, "GET " + path + " HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
                .body();
    }

    private void compare(URI theirs, URI ours, int which, String ruleFile) throws IOException {
        RandomHttpRequests requests =
                new RandomHttpRequests(new Seed(Long.getLong(Seed.PROPERTY, 1)).random(), which, SECOND, ruleFile);
        List<String> differences = new ArrayList<>();
        Map<String, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < REQUESTS && differences.size() < MOST_SHOWN; i++) {
            String request = requests.next();
            String expected = shown(RawHttp.ask(theirs, request), request);
            String actual = shown(RawHttp.ask(ours, request), request);
            if (isOwn(expected, actual, request)) {
                continue;
            }
            statuses.merge(expected.split(" ", 2)[0], 1, Integer::sum);
            if (!actual.equals(expected)) {
                differences.add(i + " " + request.replace("\r", "\\r").replace("\n", "\\n") + "\n  theirs " + expected
                        + "\n  ours   " + actual);
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
        // So that most of them find something, and each way to be refused is among them.
        assertThat(statuses.get("200")).isGreaterThan(REQUESTS / 3);
        assertThat(statuses).containsKeys("400", "404", "405");
    }

    /** What docs/compatibility.md names. */
    private static boolean isOwn(String expected, String actual, String request) {
        // A slash behind a path of the API: redirected to a path that is not there.
        boolean slash = expected.matches("(?s)30[17] .*location=/(?!api/|consoles|debug|-|version|metrics|federate).*");
        // Damaged chunks end the connection.
        boolean cut = actual.startsWith("closed") && expected.contains("connection=close");
        // Who reads OpenMetrics gets it.
        boolean better = expected.contains("version=0.0.4") && actual.contains("application/openmetrics-text");
        // No exemplars are an empty list.
        boolean empty = expected.startsWith("204") && actual.contains("data=[]");
        // Chunks are read in HTTP/1.0, too.
        boolean older = request.contains(" HTTP/1.0\r\n") && request.contains("chunked");
        return slash || better || empty || older || (cut && request.contains("chunked"));
    }

    private String shown(RawHttp.Answer answer, String request) {
        StringBuilder shown = new StringBuilder(answer.status());
        for (String header : HEADERS) {
            boolean counts =
                    !(header.equals("content-encoding") && answer.status().equals("204"));
            if (counts && !answer.header(header).equals("-")) {
                shown.append(' ').append(header).append('=').append(answer.header(header));
            }
        }
        String path = URLDecoder.decode(
                request.split(" ", -1)[1].replaceAll("%(?![0-9a-fA-F]{2})|\\?.*", ""), StandardCharsets.UTF_8);
        boolean own = answer.status().equals("200") && OWN.matcher(path).find();
        return shown + "\n    "
                + (own ? "own" : comparable(WORDS.matcher(answer.body()).replaceFirst("$1")));
    }

    private String comparable(String body) {
        if (!body.startsWith("{") || body.contains("error parsing labels")) {
            return body.replaceFirst("(?s)error parsing labels.*", "labels");
        }
        try {
            return ComparableJson.of(withoutNow(Json.decodeValue(body))).toString();
        } catch (DecodeException _) {
            return body;
        }
    }

    /** Times of this minute are of the moment in which each was asked. */
    private Object withoutNow(Object json) {
        return switch (json) {
            case null -> "null";
            case JsonObject object -> {
                JsonObject members = new JsonObject();
                object.forEach(member -> members.put(member.getKey(), withoutNow(member.getValue())));
                yield members;
            }
            case JsonArray array -> {
                JsonArray elements = new JsonArray();
                array.forEach(element -> elements.add(withoutNow(element)));
                yield elements;
            }
            case Number number when isNow(number.doubleValue()) -> "now";
            case String text when text.matches("[0-9.e+]{9,30}") && isNow(parsed(text)) -> "now";
            case String text when text.matches("20\\d\\d-.*T.*") && isNow(moment(text)) -> "now";
            default -> json;
        };
    }

    private static double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static double moment(String text) {
        try {
            return OffsetDateTime.parse(text).toEpochSecond();
        } catch (DateTimeParseException _) {
            return 0;
        }
    }

    private boolean isNow(double time) {
        return Math.abs(time - now) < 3600 || Math.abs(time / 1000 - now) < 3600;
    }
}
