// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.yaml.YamlParser;
import dev.narthex.config.yaml.YamlTree;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server says of itself, beside what the newest Prometheus says with the same flags and files. */
class SelfDescriptionIT {
    private static final String CONFIGURATION = """
            global: {scrape_interval: 15s, external_labels: {cluster: a}}
            scrape_configs:
            - job_name: shop
              basic_auth: {username: u, password: hidden}
              metric_relabel_configs: [{source_labels: [a], action: drop, regex: b}]
              static_configs: [{targets: ['127.0.0.1:1'], labels: {team: x}}]
            """;

    /** What we do and Prometheus does not by default, or the other way round; docs/compatibility.md says why. */
    private static final Set<String> OTHERWISE =
            Set.of("api openapi_3.1", "api openapi_3.2", "tsdb exemplar_storage", "tsdb xor2_encoding", "ui ui_v3");

    @TempDir
    Path directory;

    private Path theirs = Path.of("");
    private Path ours = Path.of("");

    @BeforeEach
    void directories() throws IOException {
        theirs = Files.createDirectories(directory.resolve("theirs"));
        ours = Files.createDirectories(directory.resolve("ours"));
    }

    private static Map<?, ?> paths(String yaml) throws Exception {
        return member(YamlTree.of(YamlParser.parse(yaml, "openapi.yaml").orElseThrow()), "paths");
    }

    private static Map<?, ?> member(Object tree, Object name) {
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) tree).get(name), () -> "no " + name);
    }

    private static Set<String> names(Object operation) {
        Set<String> names = new TreeSet<>();
        if (((Map<?, ?>) operation).get("parameters") instanceof List<?> parameters) {
            parameters.forEach(parameter -> names.add(String.valueOf(((Map<?, ?>) parameter).get("name"))));
        }
        return names;
    }

    @Test
    void describesTheOperationsThatPrometheusDescribes() throws Exception {
        try (PeerProcess prometheus = prometheus();
                ServerProcess narthex = narthex()) {
            for (String version : List.of("3.1", "3.2")) {
                String path = "/api/v1/openapi.yaml?openapi_version=" + version;
                HttpResponse<String> answer = narthex.get(path);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml; charset=utf-8");
                assertThat(answer.headers().firstValue("Vary")).isEmpty();
                Map<?, ?> described = paths(answer.body());
                paths(prometheus.get(path).body()).forEach((name, methods) -> {
                    if (!name.equals("/otlp/v1/metrics")) {
                        assertThat(described.containsKey(name)).as("%s", name).isTrue();
                        Map<?, ?> of = member(described, name);
                        assertThat(new TreeSet<Object>(of.keySet()))
                                .as("%s", name)
                                .isEqualTo(new TreeSet<Object>(((Map<?, ?>) methods).keySet()));
                        ((Map<?, ?>) methods)
                                .forEach((method, operation) -> assertThat(names(member(of, method)))
                                        .as("%s %s", method, name)
                                        .isEqualTo(names(operation)));
                    }
                });
            }
        }
    }

    private PeerProcess prometheus(String... flags) throws IOException {
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        return PeerProcess.prometheus(program, CONFIGURATION, theirs, flags);
    }

    private ServerProcess narthex(String... flags) throws IOException {
        Files.writeString(ours.resolve("prometheus.yml"), CONFIGURATION);
        List<String> all = new ArrayList<>(List.of(
                "run",
                "--config.file=" + ours.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + ours.resolve("data")));
        all.addAll(List.of(flags));
        return ServerProcess.start(ours, ServerProcess.freePort(), all.toArray(String[]::new));
    }

    private static Object yaml(String body) throws Exception {
        String text = new JsonObject(body).getJsonObject("data").getString("yaml");
        return YamlTree.of(YamlParser.parse(text, "answer").orElseThrow());
    }

    private static Map<String, Object> data(String body) {
        return new JsonObject(body).getJsonObject("data").getMap();
    }

    @Test
    void configurationIsShownWhole() throws Exception {
        for (List<String> flags : List.of(
                List.<String>of(),
                List.of("--storage.tsdb.retention.time=36h", "--storage.tsdb.retention.size=1GB"),
                List.of("--storage.tsdb.retention.size=512MB", "--log.level=debug"))) {
            String[] given = flags.toArray(String[]::new);
            try (PeerProcess prometheus = prometheus(given);
                    ServerProcess narthex = narthex(given)) {
                String config = "/api/v1/status/config";
                assertThat(yaml(narthex.get(config).body()))
                        .usingRecursiveComparison()
                        .isEqualTo(yaml(prometheus.get(config).body()));
                assertThat(narthex.get(config).body()).doesNotContain("hidden");
                String pool = "/api/v1/scrape_pools/config?scrapePool=shop";
                await().until(() -> prometheus.get(pool).statusCode() == 200);
                assertThat(yaml(narthex.get(pool).body()))
                        .usingRecursiveComparison()
                        .isEqualTo(yaml(prometheus.get(pool).body()));
                assertThat(narthex.get("/api/v1/status/runtimeinfo").body())
                        .contains("\"storageRetention\":\""
                                + data(prometheus
                                                .get("/api/v1/status/runtimeinfo")
                                                .body())
                                        .get("storageRetention")
                                + "\"");
            }
        }
    }

    @Test
    void featuresHaveTheNamesOfPrometheus() throws Exception {
        for (List<String> flags : List.of(
                List.<String>of(),
                List.of(
                        "--web.enable-admin-api",
                        "--web.enable-lifecycle",
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=promql-experimental-functions,promql-extended-range-selectors,"
                                + "promql-binop-fill-modifiers,promql-delayed-name-removal,type-and-unit-labels,"
                                + "created-timestamp-zero-ingestion"))) {
            String[] given = flags.toArray(String[]::new);
            try (PeerProcess prometheus = prometheus(given);
                    ServerProcess narthex = narthex(given)) {
                Map<String, Object> expected =
                        flat(data(prometheus.get("/api/v1/features").body()));
                Map<String, Object> actual =
                        flat(data(narthex.get("/api/v1/features").body()));
                assertThat(expected.keySet()).containsAll(actual.keySet());
                List<String> differences = new ArrayList<>();
                expected.forEach((name, value) -> {
                    // Other discoveries than ours are not named.
                    boolean absent = name.startsWith("service_discovery_providers ") && !actual.containsKey(name);
                    if (!absent && !OTHERWISE.contains(name) && !value.equals(actual.get(name))) {
                        differences.add(name + ": " + value + ", ours " + actual.get(name));
                    }
                });
                assertThat(differences).isEmpty();
            }
        }
    }

    private static Map<String, Object> flat(Map<String, Object> features) {
        Map<String, Object> flat = new TreeMap<>();
        features.forEach((category, names) -> JsonObject.mapFrom(names)
                .forEach(feature -> flat.put(category + " " + feature.getKey(), feature.getValue())));
        return flat;
    }

    @Test
    void blocksAreDescribed() throws Exception {
        Path input = Files.writeString(directory.resolve("in.txt"), """
                # TYPE a gauge
                a{x="1"} 1 1700000000
                a{x="1"} 2 1700000060
                a{x="2"} 2 1700008000
                # EOF
                """);
        for (Path place : List.of(theirs, ours)) {
            Path data = Files.createDirectories(place.resolve("data"));
            if (place.equals(theirs)) {
                CommandResult.of(
                                Peers.promtool(),
                                "tsdb",
                                "create-blocks-from",
                                "openmetrics",
                                input.toString(),
                                data.toString())
                        .assertSuccess();
            } else {
                try (Stream<Path> files = Files.walk(theirs.resolve("data"))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Path to = data.resolve(theirs.resolve("data").relativize(file));
                        Files.createDirectories(to.getParent());
                        Files.copy(file, to);
                    }
                }
            }
        }
        String[] kept = {"--storage.tsdb.retention.time=100y"};
        try (PeerProcess prometheus = prometheus(kept);
                ServerProcess narthex = narthex(kept)) {
            String path = "/api/v1/status/tsdb/blocks";
            JsonObject expected = new JsonObject(prometheus.get(path).body());
            assertThat(expected.getJsonObject("data").getJsonArray("blocks")).hasSize(2);
            assertThat(new JsonObject(narthex.get(path).body())).isEqualTo(expected);
        }
    }

    /** One who listens to notifications. */
    private static final class Listener implements AutoCloseable {
        private final InputStream stream;
        private final BufferedReader lines;

        Listener(URI server) throws IOException {
            stream = server.resolve("/api/v1/notifications/live").toURL().openStream();
            lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }

        /** The next event without its time. */
        String next() throws IOException {
            String line = lines.readLine();
            assertThat(lines.readLine()).isEmpty();
            return withoutTime(line);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    private static String withoutTime(String text) {
        return text.replaceAll("\"date\":\"[^\"]*\"", "\"date\":\"\"");
    }

    @Test
    void failedReloadIsNotifiedUntilOneSucceeds() throws Exception {
        try (PeerProcess prometheus = prometheus();
                ServerProcess narthex = narthex();
                Listener hearsTheirs = new Listener(prometheus.uri());
                Listener hearsOurs = new Listener(narthex.uri())) {
            for (String text : List.of("global: [", CONFIGURATION)) {
                Files.writeString(theirs.resolve("prometheus.yml"), text);
                Files.writeString(ours.resolve("prometheus.yml"), text);
                prometheus.reload();
                narthex.signal("HUP");
                assertThat(hearsOurs.next()).isEqualTo(hearsTheirs.next());
                assertThat(withoutTime(narthex.get("/api/v1/notifications").body()))
                        .isEqualTo(withoutTime(
                                prometheus.get("/api/v1/notifications").body()));
            }
        }
    }

    @Test
    void listenersHearOfTheEndAndDoNotHoldItUp() throws Exception {
        try (ServerProcess narthex = narthex();
                Listener listener = new Listener(narthex.uri())) {
            assertThat(narthex.terminate()).isZero();
            assertThat(narthex.log()).contains("stopping").doesNotContain("requests cut off");
            assertThat(listener.next()).contains("Prometheus is shutting down");
        }
    }

    @Test
    void noMoreThanTheGivenNumberListens() throws Exception {
        try (ServerProcess narthex = narthex("--web.max-notifications-subscribers=0")) {
            assertThat(narthex.get("/api/v1/notifications/live").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void metricsAreGivenAsMessagesToo() throws Exception {
        try (PeerProcess prometheus = prometheus();
                ServerProcess narthex = narthex()) {
            for (String name : List.of("prometheus_ready", "prometheus_http_request_duration_seconds")) {
                String path = "/api/v1/status/self_metrics?metric_name_pattern=" + name;
                prometheus.get(path);
                narthex.get(path);
                JsonObject expected = new JsonObject(prometheus.get(path).body());
                JsonObject actual = new JsonObject(narthex.get(path).body());
                assertThat(shape(actual)).isEqualTo(shape(expected));
            }
        }
    }

    /** The first family without its numbers and without what is said of native histograms and starts. */
    private static String shape(JsonObject answer) {
        JsonObject family = answer.getJsonArray("data").getJsonObject(0);
        JsonObject metric = family.getJsonArray("metric").getJsonObject(0);
        for (String type : List.of("gauge", "histogram")) {
            JsonObject value = metric.getJsonObject(type);
            if (value != null) {
                Set.of("createdTimestamp", "schema", "zeroThreshold", "zeroCount", "positiveSpan", "positiveDelta")
                        .forEach(value::remove);
                return (family.getString("name")
                                + family.getString("help")
                                + family.getString("type")
                                + metric.containsKey("label")
                                + value.encode())
                        .replaceAll("(sampleCount|sampleSum|cumulativeCount)\":(\"?)[-0-9.eE]+", "$1\":$2");
            }
        }
        return answer.encode();
    }
}
