// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.TestCertificate;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a target that speaks HTTP/2 sees of the newest Prometheus and of Narthex: the version, the settings, fields and their
 * values, and whether scrapes share connections.
 */
class Http2DifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SCRAPES = 4;

    private static final Map<String, String> JOBS = Map.of(
            "plain", "",
            "named", "tls_config: {ca_file: CA, server_name: localhost}",
            "fields", "http_headers: {X-Two: {values: [a, b]}, Accept-Language: {values: [' de ']}}",
            "login", "basic_auth: {username: u, password: p}",
            "query", "params: {q: ['a b', 'ü&=']}",
            "without", "enable_http2: false",
            "packed", "enable_compression: false",
            "moved", "",
            "kept", "follow_redirects: false",
            "broken", "");

    @TempDir
    private Path directory;

    private final Map<String, Set<String>> seen = new ConcurrentSkipListMap<>();
    private final Map<String, List<HttpConnection>> connections = new ConcurrentHashMap<>();
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();

    private synchronized void answer(HttpServerRequest request) {
        String job = request.path().substring(1);
        StringBuilder text = new StringBuilder(request.version() + " " + request.method() + " " + request.scheme() + " "
                + String.valueOf(request.authority()).replaceFirst(":\\d+", ":PORT") + " " + request.uri());
        List<String> fields = new ArrayList<>();
        request.headers().forEach((name, value) -> {
            String shown = name.equalsIgnoreCase("user-agent") ? "somebody" : value.replaceFirst(":\\d+", ":PORT");
            if (!name.equalsIgnoreCase("host")) {
                fields.add(name + ": " + shown);
            }
        });
        text.append(fields.stream().sorted().toList());
        if (request.version() == HttpVersion.HTTP_2) {
            Http2Settings settings = request.connection().remoteSettings();
            text.append(settings.getInitialWindowSize())
                    .append(' ')
                    .append(settings.isPushEnabled())
                    .append(' ')
                    .append(settings.getMaxFrameSize())
                    .append(' ')
                    .append(settings.getMaxHeaderListSize())
                    .append(' ')
                    .append(settings.getHeaderTableSize());
        }
        seen.computeIfAbsent(job, _ -> ConcurrentHashMap.newKeySet()).add(text.toString());
        List<HttpConnection> of = connections.computeIfAbsent(job, _ -> new ArrayList<>());
        if (!of.contains(request.connection())) {
            of.add(request.connection());
        }
        requests.merge(job, 1, Integer::sum);
        switch (job) {
            case "moved", "kept" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/to")
                        .end();
            case "broken" -> request.response().setStatusCode(500).end("no");
            default ->
                request.response().putHeader("Content-Type", "text/plain").end("a 1\n");
        }
    }

    private synchronized Map<String, String> take() {
        Map<String, String> taken = new TreeMap<>();
        // A scrape that was given up on a machine with much to do takes its connection along.
        seen.forEach((job, all) -> taken.put(
                job,
                all.stream().sorted().toList()
                        + (connections.getOrDefault(job, List.of()).size() < requests.getOrDefault(job, 0)
                                ? " on kept connections"
                                : " on new connections")));
        seen.clear();
        connections.clear();
        requests.clear();
        return taken;
    }

    private synchronized boolean isEnough() {
        return JOBS.keySet().stream().allMatch(job -> requests.getOrDefault(job, 0) >= SCRAPES);
    }

    @Test
    void asksByHttp2AsPrometheusAsks() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        TestCertificate certificate = TestCertificate.make(directory, "h2", "ip:127.0.0.1,dns:localhost");
        Path authority = Files.writeString(directory.resolve("authority.pem"), certificate.certificatePem());
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.certificatePem()))
                        .addKeyValue(Buffer.buffer(certificate.keyPem())));
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(this::answer)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            StringBuilder yaml =
                    new StringBuilder("global: {scrape_interval: 2s, scrape_timeout: 2s}\nscrape_configs:\n");
            new TreeMap<>(JOBS).forEach((name, more) -> {
                yaml.append("- job_name: ")
                        .append(name)
                        .append("\n  scheme: https\n  metrics_path: /")
                        .append(name);
                if (!more.contains("tls_config")) {
                    yaml.append("\n  tls_config: {ca_file: ").append(authority).append('}');
                }
                yaml.append("\n  ").append(more.replace("CA", authority.toString()));
                yaml.append("\n  static_configs: [{targets: ['127.0.0.1:")
                        .append(server.actualPort())
                        .append("']}]\n");
            });
            Path theirs = Files.createDirectory(directory.resolve("theirs"));
            Map<String, String> expected;
            try (PeerProcess _ = PeerProcess.prometheus(newest.orElseThrow(), yaml.toString(), theirs)) {
                await().atMost(LIMIT).until(this::isEnough);
            }
            expected = take();
            Path ours = Files.createDirectory(directory.resolve("ours"));
            Path file = Files.writeString(ours.resolve("prometheus.yml"), yaml);
            try (ServerProcess _ = ServerProcess.start(
                    ours,
                    ServerProcess.freePort(),
                    "run",
                    "--config.file=" + file,
                    "--storage.tsdb.path=" + ours.resolve("data"))) {
                await().atMost(LIMIT).until(this::isEnough);
            }
            assertThat(expected).containsKeys("plain", "moved", "to");
            assertThat(take()).isEqualTo(expected);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
