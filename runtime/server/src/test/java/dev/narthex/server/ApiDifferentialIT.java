// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narthex.testkit.files.DataDirectory;
import dev.narthex.testkit.http.LoopbackServer;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus and we answer the same requests about the same data: a log that our server wrote is opened by both,
 * and status, Content-Type and JSON of each answer are compared.
 */
class ApiDifferentialIT {
    private static final String EXPOSITION = """
            # TYPE shop_requests_total counter
            shop_requests_total{code="200",path="/"} 100
            shop_requests_total{code="500",path="/<cart>&\\"x\\""} 3
            # TYPE shop_temperature gauge
            shop_temperature{zone="é\\n"} -1.5e-7
            shop_temperature{zone="inf"} +Inf
            shop_temperature{zone="nan"} NaN
            shop_temperature{zone="big"} 1e21
            # TYPE shop_seconds histogram
            shop_seconds_bucket{le="0.1"} 1
            shop_seconds_bucket{le="+Inf"} 4
            shop_seconds_sum 7.5
            shop_seconds_count 4
            {"shop.visits","my.label"="a b"} 3
            {"shop.visits","my.label"="é"} 4
            {"shop visits",Upper="X"} 4
            """;

    /** What differs; docs/compatibility.md says why. */
    private static final Set<String> EXCEPTIONS = Set.of(
            "GET /api/v1/query?time=T&query=up[",
            "POST /api/v1/query_range | start=T&end=T+4&step=1&query=up[",
            "GET /api/v1/query?query=up&time=NaN",
            "GET /api/v1/query_range?query=up&start=Inf&end=2&step=1",
            "GET /api/v1/query?query=up&time=T&timeout=0",
            "GET /api/v1/query/");

    /** What a Prometheus before 3.14 answers otherwise than we and newer ones do. */
    private static final Set<String> CHANGED = Set.of(
            "GET /api/v1/query?time=T&query=up offset",
            "GET /api/v1/query?time=T&query=up[",
            "POST /api/v1/query_range | start=T&end=T+4&step=1&query=up offset",
            "POST /api/v1/query_range | start=T&end=T+4&step=1&query=up[",
            "POST /api/v1/query_range | start=T&end=T+4&step=1&query=sort_desc(shop_requests_total)",
            "GET /api/v1/status/tsdb?limit=10001",
            "GET /api/v1//query",
            "GET /api/v1/label//values",
            "GET /api/v1",
            "PUT /api/v1/series");

    /** Paths that came after Prometheus 3.5. */
    private static final List<String> ADDED = List.of(
            "/api/v1/features",
            "/api/v1/status/tsdb/blocks",
            "/api/v1/scrape_pools/config",
            "/api/v1/status/self_metrics",
            "/api/v1/search/");

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
              - {record: 'b:ad', expr: 'label_replace(up, "a", "$1", "b", "(")'}
            - name: third
              interval: 1s
              limit: 3
              query_offset: 1m
              rules: [{record: 'c:d', expr: vector(1)}]
            """;

    private static final String JOBS = """
            global: {scrape_interval: 1s, external_labels: {cluster: c}}
            rule_files: ['RULES']
            scrape_configs:
            - {job_name: shop, static_configs: [{targets: ['TARGET'], labels: {team: x}}]}
            - job_name: two
              metrics_path: /x
              params: {a: [b]}
              scrape_native_histograms: true
              always_scrape_classic_histograms: true
              static_configs: [{targets: ['127.0.0.1:1']}]
            - job_name: dropped
              static_configs: [{targets: ['a:1']}]
              relabel_configs: [{source_labels: [__address__], regex: 'a:1', action: drop}]
            - job_name: empty
            """;

    private static final List<String> SEARCHED = List.of(
            "uxup",
            "xxup",
            "u_p_up",
            "aab_ab",
            "abcabd",
            "abxabc",
            "xaxbxc",
            "a_b_c_abc",
            "abc",
            "ABC",
            "aBc",
            "xabc",
            "abcx",
            "upup",
            "uuup",
            "uppp",
            "ccab",
            "cab",
            "cabab",
            "axbxab",
            "xxabxxabc",
            "abxxxxc",
            "aabbcc",
            "bcabc",
            "dwayne",
            "duane",
            "martha",
            "marhta",
            "dixon",
            "dicksonx",
            "jellyfish",
            "smellyfish",
            "abcdefgh",
            "abcdxfgh",
            "u",
            "p_u",
            "éa",
            "aé",
            "aéb",
            "total",
            "requests_total");

    @TempDir
    Path directory;

    private Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private ServerProcess narthex(Path place, String scrapeConfigs) throws IOException {
        Files.writeString(place.resolve("prometheus.yml"), "global: {scrape_interval: 1s}\n" + scrapeConfigs);
        return ServerProcess.start(
                place,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + place.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + place.resolve("data"));
    }

    /** Lets a server of ours scrape for some seconds; the second in the middle of its data. */
    private long writeData(Path place) throws Exception {
        try (LoopbackServer shop = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                        out, "text/plain; version=0.0.4", EXPOSITION.getBytes(StandardCharsets.UTF_8)));
                ServerProcess server = narthex(
                        place,
                        "scrape_configs: [{job_name: shop, static_configs: [{targets: ['" + shop.address()
                                + "']}]}]\n")) {
            await().atMost(ServerProcess.LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> server.value("count_over_time(up[1m]) >= 6") != null);
            long newest = (long) Double.parseDouble(String.valueOf(server.value("timestamp(up)")));
            assertThat(server.terminate()).isZero();
            return newest - 1;
        }
    }

    @Test
    void answersAsPrometheusDoes() throws Exception {
        List<HttpCorpus.Entry> corpus = HttpCorpus.read();
        assertThat(corpus).hasSizeGreaterThan(900);
        Path ours = directory("ours");
        long second = writeData(ours);
        Path theirs = directory("theirs");
        DataDirectory.copy(ours.resolve("data"), theirs.resolve("data"));
        Optional<Path> newest = Peers.newestPrometheus();
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        newest.orElseGet(Peers::prometheus), "global: {scrape_interval: 1s}\n", theirs);
                ServerProcess narthex = narthex(ours, "");
                HttpClient http = HttpClient.newHttpClient()) {
            List<String> differences = new ArrayList<>();
            for (HttpCorpus.Entry entry : corpus) {
                List<String> expected = describe(http, prometheus.uri(), entry, second);
                List<String> actual = describe(http, narthex.uri(), entry, second);
                if (!actual.equals(expected)
                        && !EXCEPTIONS.contains(entry.toString())
                        && (newest.isPresent() || !isNewer(entry))) {
                    differences.add(entry + "\n  theirs " + expected + "\n  ours   " + actual);
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    @Test
    void tellsOfTargetsAndRulesAsPrometheusDoes() throws Exception {
        Path rules = Files.writeString(directory.resolve("rules.yml"), RULES);
        Optional<Path> newest = Peers.newestPrometheus();
        try (LoopbackServer shop = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                out, "text/plain; version=0.0.4", EXPOSITION.getBytes(StandardCharsets.UTF_8)))) {
            String jobs = JOBS.replace("RULES", rules.toString()).replace("TARGET", shop.address());
            Path ours = directory("ours");
            Files.writeString(ours.resolve("prometheus.yml"), jobs);
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest.orElseGet(Peers::prometheus), jobs, directory("theirs"));
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + ours.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + ours.resolve("data"));
                    HttpClient http = HttpClient.newHttpClient()) {
                for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                    await().atMost(ServerProcess.LIMIT)
                            .pollInterval(Duration.ofMillis(200))
                            .until(() -> hasBegun(http, server));
                }
                List<String> differences = new ArrayList<>();
                for (HttpCorpus.Entry entry : HttpCorpus.live(rules.toString())) {
                    List<String> expected = describe(http, prometheus.uri(), entry, 0);
                    List<String> actual = describe(http, narthex.uri(), entry, 0);
                    if (!actual.equals(expected) && (newest.isPresent() || !isNewer(entry))) {
                        differences.add(entry + "\n  theirs " + expected + "\n  ours   " + actual);
                    }
                }
                assertThat(differences).isEmpty();
            }
        }
    }

    @Test
    void searchesAsPrometheusDoes() throws Exception {
        Path newest = Peers.newestPrometheus().orElse(null);
        assumeTrue(newest != null, "no newest Prometheus here; e2e/peers --newest builds one");
        StringBuilder body = new StringBuilder("# HELP abc Some help.\n# TYPE abc counter\n");
        for (String name : SEARCHED) {
            body.append("{\"").append(name).append("\",x=\"").append(name).append("\"} 1\n");
        }
        try (LoopbackServer names = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                out,
                "text/plain; version=1.0.0; escaping=allow-utf-8",
                body.toString().getBytes(StandardCharsets.UTF_8)))) {
            String jobs = "global: {scrape_interval: 1s}\nscrape_configs: [{job_name: s, static_configs: [{targets: ['"
                    + names.address() + "']}]}]\n";
            Path ours = directory("ours");
            Files.writeString(ours.resolve("prometheus.yml"), jobs);
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest, jobs, directory("theirs"), "--enable-feature=search-api");
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + ours.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + ours.resolve("data"),
                            "--enable-feature=search-api");
                    HttpClient http = HttpClient.newHttpClient()) {
                for (URI server : List.of(prometheus.uri(), narthex.uri())) {
                    await().atMost(ServerProcess.LIMIT)
                            .pollInterval(Duration.ofMillis(200))
                            .ignoreException(IOException.class) // Prometheus 3.15 hangs up while its head is new
                            .until(() -> text(http, server, "/api/v1/search/metric_names?search%5B%5D=abc")
                                            .contains("xabc")
                                    && text(http, server, "/api/v1/metadata").contains("Some help."));
                }
                List<String> differences = new ArrayList<>();
                List<String> unanswered = new ArrayList<>();
                for (HttpCorpus.Entry entry : HttpCorpus.search()) {
                    List<String> expected;
                    try {
                        expected = describe(http, prometheus.uri(), entry, 0);
                    } catch (IOException _) {
                        unanswered.add(entry.toString()); // Prometheus 3.15 hangs up on some that find nothing
                        continue;
                    }
                    List<String> actual = describe(http, narthex.uri(), entry, 0);
                    if (!actual.equals(expected)) {
                        differences.add(entry + "\n  theirs " + expected + "\n  ours   " + actual);
                    }
                }
                assertThat(unanswered).hasSizeLessThan(10);
                assertThat(differences).isEmpty();
            }
        }
    }

    /** Whether each target was scraped and each rule evaluated, and what they say was seen. */
    private static boolean hasBegun(HttpClient http, URI server) throws IOException, InterruptedException {
        String rules = text(http, server, "/api/v1/rules");
        String targets = text(http, server, "/api/v1/targets");
        return !rules.contains("\"unknown\"")
                && !targets.contains("\"unknown\"")
                && text(http, server, "/api/v1/metadata").contains("shop_seconds");
    }

    private static String text(HttpClient http, URI server, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(server.resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }

    @Test
    void answersBelowAPrefixAsPrometheusDoes() throws Exception {
        belowAPrefix("/inside", "--web.route-prefix=/inside", "--web.external-url=http://monitor.example/outside/");
        belowAPrefix("/outside", "--web.external-url=https://monitor.example:8443/outside");
    }

    /** Every eighth request of the corpus again, and what is asked beside the prefix. */
    private void belowAPrefix(String prefix, String... flags) throws Exception {
        List<HttpCorpus.Entry> corpus = HttpCorpus.read();
        Path ours = directory("ours" + prefix);
        Path theirs = directory("theirs" + prefix);
        Files.writeString(ours.resolve("prometheus.yml"), "global: {scrape_interval: 1s}\n");
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--config.file=" + ours.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + ours.resolve("data")));
        arguments.addAll(List.of(flags));
        Optional<Path> newest = Peers.newestPrometheus();
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        newest.orElseGet(Peers::prometheus), "global: {scrape_interval: 1s}\n", theirs, flags);
                ServerProcess narthex = ServerProcess.startBelow(
                        prefix, ours, ServerProcess.freePort(), arguments.toArray(String[]::new));
                HttpClient http = HttpClient.newHttpClient()) {
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < corpus.size(); i += 8) {
                HttpCorpus.Entry entry = corpus.get(i);
                HttpCorpus.Entry below = entry.below(prefix);
                List<String> expected = describe(http, prometheus.uri(), below, 1_700_000_000);
                List<String> actual = describe(http, narthex.uri(), below, 1_700_000_000);
                if (!actual.equals(expected)
                        && !EXCEPTIONS.contains(entry.toString())
                        && (newest.isPresent() || !isNewer(entry))) {
                    differences.add(below + "\n  theirs " + expected + "\n  ours   " + actual);
                }
            }
            for (String path : List.of(
                    "/",
                    prefix,
                    "/api/v1/query?query=1",
                    "/-/ready",
                    "/-/healthy",
                    "/metrics",
                    "/nope",
                    prefix + "x/api/v1/labels",
                    prefix + "/-/ready",
                    prefix + "/-/healthy",
                    prefix + "/api/v1/labels",
                    prefix + "/nope")) {
                for (String method : List.of("GET", "POST", "HEAD", "OPTIONS")) {
                    HttpCorpus.Entry entry = new HttpCorpus.Entry(method, path, null);
                    List<String> expected = describe(http, prometheus.uri(), entry, 0);
                    List<String> actual = describe(http, narthex.uri(), entry, 0);
                    if (!actual.equals(expected)) {
                        differences.add(entry + "\n  theirs " + expected + "\n  ours   " + actual);
                    }
                }
            }
            assertThat(differences).as(String.join(" ", flags)).isEmpty();
        }
    }

    @Test
    void compressesAndLetsScriptsInAsPrometheusDoes() throws Exception {
        Path ours = directory("ours");
        String origins = "--web.cors.origin=https?://(shop|[a-z]+\\.shop)\\.example";
        Files.writeString(ours.resolve("prometheus.yml"), "global: {}\n");
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        Peers.newestPrometheus().orElseGet(Peers::prometheus),
                        "global: {}\n",
                        directory("theirs"),
                        origins);
                ServerProcess narthex = ServerProcess.start(
                        ours,
                        ServerProcess.freePort(),
                        "run",
                        "--config.file=" + ours.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + ours.resolve("data"),
                        origins);
                HttpClient http = HttpClient.newHttpClient()) {
            for (String path : List.of(
                    "/api/v1/query?query=1",
                    "/api/v1/labels",
                    "/api/v1/status/config",
                    "/api/v1/query?query=",
                    "/federate?match%5B%5D=up",
                    "/-/healthy",
                    "/-/ready",
                    "/nope")) {
                for (String coding :
                        List.of("gzip", "deflate", "zstd", "br", "gzip, deflate, br, zstd", "gzip;q=0", "*")) {
                    assertThat(headers(http, narthex.uri(), path, "Accept-Encoding", coding))
                            .as(path + " " + coding)
                            .isEqualTo(headers(http, prometheus.uri(), path, "Accept-Encoding", coding));
                }
                for (String origin : List.of(
                        "http://shop.example",
                        "https://a.shop.example",
                        "http://shop.example.org",
                        "http://other.example",
                        "null")) {
                    assertThat(headers(http, narthex.uri(), path, "Origin", origin))
                            .as(path + " " + origin)
                            .isEqualTo(headers(http, prometheus.uri(), path, "Origin", origin));
                }
            }
        }
    }

    private static List<String> headers(HttpClient http, URI server, String path, String name, String value)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(server.resolve(path)).header(name, value).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        List<String> parts = new ArrayList<>();
        parts.add(Integer.toString(response.statusCode()));
        for (String header : List.of(
                "Content-Encoding",
                "Access-Control-Allow-Origin",
                "Access-Control-Allow-Headers",
                "Access-Control-Allow-Methods",
                "Access-Control-Expose-Headers")) {
            parts.add(header + "=" + response.headers().firstValue(header).orElse("-"));
        }
        return parts;
    }

    private static boolean isNewer(HttpCorpus.Entry entry) {
        return entry.isNewer()
                || CHANGED.contains(entry.toString())
                || ADDED.stream().anyMatch(path -> entry.target().startsWith(path));
    }

    private static List<String> describe(HttpClient http, URI server, HttpCorpus.Entry entry, long second)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + entry.encodedTarget(second)))
                .method(entry.method(), entry.body(second));
        String type = entry.contentType();
        if (type != null) {
            request.header("Content-Type", type);
        }
        return describe(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    /** Status, headers that matter and body; JSON in a form in which the order of members has no part. */
    private static List<String> describe(HttpResponse<String> response) {
        List<String> parts = new ArrayList<>();
        parts.add(Integer.toString(response.statusCode()));
        for (String header : List.of("Content-Type", "Location", "Allow", "X-Content-Type-Options")) {
            parts.add(response.headers().firstValue(header).orElse("-"));
        }
        // That Accept-Encoding matters is said by newer ones only.
        parts.add(Boolean.toString(response.headers().allValues("Vary").contains("Origin")));
        String body = response.body();
        parts.add(
                parts.get(1).equals("application/json") && body.startsWith("{")
                        ? ComparableJson.of(new JsonObject(body)).toString()
                        : body);
        return parts;
    }
}
