// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a heap of 96 MB, and a target that has ever more series. */
class SmallMemoryIT {
    private static final int SERIES_A_SCRAPE = 10_000;

    /** What a container has by default, and what it may have at least. */
    private static final int CONTAINER_MEGABYTES = 512;

    private static final int LEAST_CONTAINER_MEGABYTES = 384;

    private static final int FLOOD_SECONDS = Integer.getInteger("flood.seconds", 10);

    @TempDir
    Path directory;

    /** Other series with every scrape. */
    private static byte[] flood(int scrape) {
        StringBuilder text = new StringBuilder("# TYPE flood gauge\n");
        for (int i = 0; i < SERIES_A_SCRAPE; i++) {
            text.append("flood{scrape=\"")
                    .append(scrape)
                    .append("\",n=\"")
                    .append(i)
                    .append("\"} 1\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void refusesWhatDoesNotFitAndGoesOn() throws Exception {
        flood(CONTAINER_MEGABYTES, (port, arguments) -> {
            ServerProcess server = ServerProcess.startSmall(directory, port, 96, arguments);
            assertThat(server.log()).contains("the heap is smaller than the server is made for");
            return server;
        });
    }

    /** The heap is a share of the container's memory: with all that a JVM has beside it, the server fits. */
    @ParameterizedTest
    @ValueSource(ints = {LEAST_CONTAINER_MEGABYTES, CONTAINER_MEGABYTES})
    void fitsIntoTheMemoryOfItsContainer(int megabytes) throws Exception {
        assumeTrue(System.getProperty("narthex.binary") == null, "the options are those of a JVM");
        Path options = Path.of("src", "main", "aot", "java-options").toAbsolutePath();
        assertThat(options).exists();
        flood(megabytes, (port, arguments) -> {
            ServerProcess server = ServerProcess.startOnMachineOf(megabytes, options, directory, port, arguments);
            assertThat(metric(server, "narthex_memory_bytes"))
                    .isGreaterThan(0.45 * (megabytes << 20))
                    .isLessThan(0.6 * (megabytes << 20));
            assertThat(server.log()).doesNotContain("the heap is smaller");
            return server;
        });
    }

    /**
     * Scrapes and remote write bring new series without end, queries, lists of series and labels, federation and remote
     * read ask for all of them, and large bodies come in, all at once for some seconds.
     */
    @Test
    void floodsOfEveryKindAtOnceAreRefusedByName() throws Exception {
        assumeTrue(System.getProperty("narthex.binary") == null, "the options are those of a JVM");
        Path options = Path.of("src", "main", "aot", "java-options").toAbsolutePath();
        AtomicInteger scrapes = new AtomicInteger();
        try (LoopbackServer flooding = LoopbackServer.start((_, out) ->
                LoopbackServer.respond(out, "text/plain; version=0.0.4", flood(scrapes.incrementAndGet())))) {
            Files.writeString(
                    directory.resolve("prometheus.yml"),
                    "global: {scrape_interval: 500ms}\nscrape_configs: [{job_name: flooding, static_configs: [{targets:"
                            + " ['" + flooding.address() + "']}]}]\n");
            try (ServerProcess server = ServerProcess.startOnMachineOf(
                            CONTAINER_MEGABYTES,
                            options,
                            directory,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + directory.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + directory.resolve("data"),
                            "--web.enable-remote-write-receiver");
                    Floods floods = new Floods(server.uri())) {
                Map<String, Set<Integer>> answers = floods.run(FLOOD_SECONDS);
                // Nothing is cut off, everything has a status: done, refused for good, or refused for now.
                assertThat(answers.values())
                        .as(answers + "\n" + server.log())
                        .allSatisfy(statuses -> assertThat(statuses).isSubsetOf(200, 204, 400, 413, 422, 503));
                assertThat(server.get("/-/healthy").statusCode()).isEqualTo(200);
                assertThat(server.value("vector(7)")).isEqualTo("7");
                await().atMost(ServerProcess.LIMIT).until(() -> metric(server, "narthex_query_memory_bytes") == 0);
                assertThat(server.peakMemoryMb()).isLessThan(CONTAINER_MEGABYTES);
                assertThat(server.terminate()).isZero();
                assertThat(server.log()).doesNotContain("OutOfMemoryError");
            }
        }
    }

    private interface Start {
        ServerProcess on(int port, String... arguments) throws IOException;
    }

    private void flood(int megabytes, Start start) throws Exception {
        AtomicInteger scrapes = new AtomicInteger();
        try (LoopbackServer flooding = LoopbackServer.start((_, out) ->
                        LoopbackServer.respond(out, "text/plain; version=0.0.4", flood(scrapes.incrementAndGet())));
                LoopbackServer steady = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                        out, "text/plain; version=0.0.4", "steady 1\n".getBytes(StandardCharsets.UTF_8)))) {
            Files.writeString(
                    directory.resolve("prometheus.yml"),
                    "global: {scrape_interval: 500ms}\nscrape_configs:\n"
                            + "- {job_name: steady, static_configs: [{targets: ['" + steady.address() + "']}]}\n"
                            + "- {job_name: flooding, static_configs: [{targets: ['" + flooding.address() + "']}]}\n");
            try (ServerProcess server = start.on(
                    ServerProcess.freePort(),
                    "run",
                    "--config.file=" + directory.resolve("prometheus.yml"),
                    "--storage.tsdb.path=" + directory.resolve("data"))) {
                assertThat(server.log()).contains("queries may hold fewer samples than asked for");
                await().atMost(ServerProcess.LIMIT)
                        .until(() -> server.get("/api/v1/targets").body().contains("no memory for another series"));
                // The one that is refused is down, with the reason; the other one, which has its series, is not.
                await().atMost(ServerProcess.LIMIT).until(() -> "0".equals(server.value("up{job=\"flooding\"}")));
                assertThat(server.value("up{job=\"steady\"}")).isEqualTo("1");
                assertThat(server.value("steady")).isEqualTo("1");
                assertThat(metric(server, "narthex_tsdb_memory_limit_bytes"))
                        .isEqualTo(metric(server, "narthex_memory_share_bytes{part=\"series\"}"));
                assertThat(Double.parseDouble(String.valueOf(server.value("count(last_over_time(flood[5m]))"))))
                        .isGreaterThanOrEqualTo(SERIES_A_SCRAPE);
                refusesQueriesThatDoNotFit(server);
                assertThat(server.get("/-/healthy").statusCode()).isEqualTo(200);
                assertThat(server.peakMemoryMb()).isLessThan(megabytes);
                assertThat(server.terminate()).isZero();
                assertThat(server.log()).doesNotContain("OutOfMemoryError");
            }
        }
    }

    /** Several at a time, and a small one beside them. */
    private static void refusesQueriesThatDoNotFit(ServerProcess server) throws Exception {
        long now = (long) Double.parseDouble(String.valueOf(server.value("timestamp(steady)")));
        List<String> paths = Stream.of(
                        "max_over_time(flood[10m:1s])",
                        "flood * on (scrape, n) flood",
                        "sum by (scrape, n) (flood)",
                        "flood")
                .map(query -> "/api/v1/query_range?query=" + encode(query) + "&start=" + (now - 900) + "&end=" + now
                        + "&step=1")
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = paths.stream()
                    .map(path -> threads.submit(() -> server.get(path)))
                    .toList();
            assertThat(server.value("steady")).isEqualTo("1");
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode())
                        .as(answer.get().body() + "\n" + server.log())
                        .isEqualTo(422);
                assertThat(answer.get().body())
                        .contains("\"errorType\":\"execution\"")
                        .containsPattern("too much memory: at least \\d+ bytes.*limit.* is \\d+ bytes");
            }
        }
        assertThat(server.value("steady")).isEqualTo("1");
        assertThat(metric(server, "narthex_query_memory_bytes")).isZero();
        assertThat(metric(server, "narthex_memory_share_bytes{part=\"queries\"}"))
                .isGreaterThan(metric(server, "narthex_memory_share_bytes{part=\"query\"}"));
    }

    private static String encode(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static double metric(ServerProcess server, String name) throws IOException {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
