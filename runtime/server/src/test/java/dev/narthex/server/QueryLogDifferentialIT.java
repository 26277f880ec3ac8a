// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of {@code query_log_file} beside those of a real Prometheus that was asked the same: equal but for times. */
class QueryLogDifferentialIT {
    private static final String RULES = """
            groups:
              - name: "of <rules>"
                rules:
                  - {record: made, expr: 'vector( 3 )'}
                  - {alert: Fires, expr: 'made > 1', annotations: {asked: '{{ query "vector(4)" | first | value }}'}}
            """;

    /** What is asked: the method, and the path with its query. */
    private static final List<String> REQUESTS = List.of(
            "GET /api/v1/query?query=1%2B1&time=1700000000.123",
            "GET /api/v1/query?query=vector%281%29&time=1700000000&stats=all",
            "POST /api/v1/query?query=label_replace%28vector%281%29%2C%22a%22%2C%22%C3%A4%3C%26%3E%22%2C%22b%22%2C%22%22%29&time=0",
            "GET /api/v1/query?query=%0A%09nothing&time=1700000000.9999",
            "GET /api/v1/query_range?query=vector%281%29&start=1700000000&end=1700000100.5&step=10",
            "POST /api/v1/query_range?query=2&start=1700000000&end=1700000001&step=0.5",
            "GET /api/v1/query_range?query=vector%28time%28%29%29&start=1700000000&end=1700003600&step=1m30s",
            // Fails as it is evaluated.
            "GET /api/v1/query?query=label_join%28vector%281%29%2C%22%5Cxff%22%2C%22%22%29&time=1700000000",
            "GET /api/v1/query?query=label_replace%28vector%281%29%2C%22a%22%2C%22%22%2C%22b%22%2C%22%28%22%29&time=1700000000",
            // Is not evaluated.
            "GET /api/v1/query?query=%28&time=1700000000",
            "GET /api/v1/query_range?query=up%5B5m%5D&start=1700000000&end=1700000001&step=1",
            "GET /api/v1/labels",
            "GET /federate?match%5B%5D=made");

    @TempDir
    Path directory;

    private Path theirs;
    private Path ours;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void directories() throws IOException {
        theirs = Files.createDirectories(directory.resolve("theirs"));
        ours = Files.createDirectories(directory.resolve("ours"));
    }

    private static String configuration(Path home, String log) {
        return "global: {evaluation_interval: 1s, query_log_file: " + (log.isEmpty() ? "''" : home.resolve(log))
                + "}\nrule_files: [rules.yml]\n";
    }

    private void configure(String log) throws IOException {
        for (Path home : List.of(theirs, ours)) {
            Files.writeString(home.resolve("rules.yml"), RULES);
            Files.writeString(home.resolve("prometheus.yml"), configuration(home, log));
        }
    }

    private PeerProcess peer(String... flags) throws IOException {
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        return PeerProcess.prometheus(program, Files.readString(theirs.resolve("prometheus.yml")), theirs, flags);
    }

    private ServerProcess narthex(String... flags) throws IOException {
        List<String> line = new java.util.ArrayList<>(List.of(
                "run",
                "--config.file=" + ours.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + ours.resolve("data")));
        line.addAll(List.of(flags));
        return ServerProcess.start(ours, ServerProcess.freePort(), line.toArray(String[]::new));
    }

    private void ask(URI server, String prefix, String request) throws IOException, InterruptedException {
        String[] parts = request.split(" ", 2);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(server + prefix + parts[1]))
                        .method(parts[0], HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(request).isNotEqualTo(404);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8);
    }

    /** A line without what is the time or takes it. */
    private static String withoutTimes(String line, Path home) {
        return line.replaceAll("\"time\":\"[^\"]*\"", "\"time\":T")
                .replaceAll("\"source\":\"[^\"]*\"", "\"source\":S")
                .replaceAll("(Time|peakSamples)\":[0-9.e-]+", "$1\":N")
                // Of a byte that is no UTF-8 Prometheus writes the escape; to a reader of JSON it is the same.
                .replace("\\ufffd", "\ufffd")
                .replace(home.toString(), "HOME");
    }

    private static List<String> ofRequests(Path home, String log) throws IOException {
        return lines(home.resolve(log)).stream()
                .filter(line -> line.contains("httpRequest"))
                .map(line -> withoutTimes(line, home))
                .toList();
    }

    /** Those of rules, without the moments at which these are due. */
    private static Set<String> ofRules(Path home, String log) throws IOException {
        return lines(home.resolve(log)).stream()
                .filter(line -> line.contains("ruleGroup"))
                .map(line -> withoutTimes(line, home).replaceAll("\"(start|end)\":\"[^\"]*\"", "\"$1\":T"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void linesAreThoseOfPrometheus() throws Exception {
        configure("query.log");
        try (PeerProcess prometheus = peer();
                ServerProcess narthex = narthex()) {
            for (String request : REQUESTS) {
                ask(prometheus.uri(), "", request);
                ask(narthex.uri(), "", request);
            }
            assertThat(ofRequests(ours, "query.log"))
                    .isNotEmpty()
                    .containsExactlyElementsOf(ofRequests(theirs, "query.log"));
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> ofRules(theirs, "query.log").size() >= 3);
            await().atMost(ServerProcess.LIMIT)
                    .untilAsserted(() -> assertThat(ofRules(ours, "query.log"))
                            .containsExactlyElementsOf(ofRules(theirs, "query.log")));
            assertThat(lines(ours.resolve("query.log")))
                    .allSatisfy(line -> assertThat(new JsonObject(line)
                                    .getJsonObject("stats")
                                    .getJsonObject("timings")
                                    .getDouble("execTotalTime"))
                            .isPositive());
        }
    }

    @Test
    void pathsBelowAPrefixAreThoseOfPrometheus() throws Exception {
        configure("query.log");
        try (PeerProcess prometheus = peer("--web.route-prefix=/deep/er");
                ServerProcess narthex = ServerProcess.startBelow(
                        "/deep/er",
                        ours,
                        ServerProcess.freePort(),
                        "run",
                        "--config.file=" + ours.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + ours.resolve("data"),
                        "--web.route-prefix=/deep/er")) {
            ask(prometheus.uri(), "/deep/er", REQUESTS.getFirst());
            ask(narthex.uri(), "/deep/er", REQUESTS.getFirst());
            assertThat(ofRequests(ours, "query.log"))
                    .hasSize(1)
                    .containsExactlyElementsOf(ofRequests(theirs, "query.log"));
        }
    }
}
