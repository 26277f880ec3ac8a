// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.time.WallClock;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a server is doing, it ends when it is told to: with exit code 0, within the time that Kubernetes gives, and
 * with everything that it has acknowledged.
 */
class TerminationIT {
    private static final int QUERIES = 3;
    private static final int WRITERS = 4;
    private static final int SERIES = 2_000;
    private static final int SAMPLES_A_SERIES = 50;

    /** So often the log is there: more than is replayed while the signal is on its way. */
    private static final int COPIES = 400;

    private static final String HEAVY =
            "/api/v1/query?query=sum_over_time(sum_over_time(vector(1)%5B1h:1ms%5D)%5B1h:1s%5D)";

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private String[] arguments() throws IOException {
        Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        return new String[] {
            "run",
            "--config.file=" + directory.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.enable-remote-write-receiver",
            "--web.enable-lifecycle"
        };
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(directory, ServerProcess.freePort(), arguments());
    }

    private int write(URI server, ProtobufWriter request) throws IOException, InterruptedException {
        return http.send(
                        RemoteWriteBody.request(server, request)
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void duringTheReplayOfTheLog() throws Exception {
        long now = WallClock.system().millis();
        try (ServerProcess server = start()) {
            ProtobufWriter request = new ProtobufWriter();
            for (int i = 0; i < SERIES; i++) {
                ProtobufWriter series = RemoteWriteBody.series(List.of("__name__", "kept", "n", Integer.toString(i)));
                for (int k = SAMPLES_A_SERIES; k > 0; k--) {
                    series.message(2, RemoteWriteBody.sample(now - k, i + 0.1 * k));
                }
                request.message(1, series);
            }
            assertThat(write(server.uri(), request)).isEqualTo(204);
            server.kill();
        }
        Path segment = directory.resolve("data/wal/00000000");
        assertThat(segment).exists();
        for (int i = 1; i <= COPIES; i++) {
            Files.createLink(segment.resolveSibling(String.format(Locale.ROOT, "%08d", i)), segment);
        }
        try (ServerProcess server = ServerProcess.launch(directory, ServerProcess.freePort(), arguments())) {
            await().atMost(ServerProcess.LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> server.data("/api/v1/status/walreplay").getInteger("current") > 0);
            assertThat(server.get("/-/ready").statusCode()).isEqualTo(503);
            assertThat(server.terminate()).isZero();
            assertThat(server.log())
                    .contains("stopped before it was ready")
                    .doesNotContain("server is ready url=" + server.uri());
        }
        try (ServerProcess server = start()) {
            assertThat(server.value("count(count_over_time(kept[1h]) == " + SAMPLES_A_SERIES + ")"))
                    .isEqualTo(Integer.toString(SERIES));
        }
    }

    @Test
    void duringHeavyQueries() throws Exception {
        try (ServerProcess server = start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < QUERIES; i++) {
                answers.add(threads.submit(() -> {
                    try {
                        return server.get(HEAVY).statusCode();
                    } catch (IOException _) {
                        return 0; // cut off
                    }
                }));
            }
            // No more run at once than two for each processor.
            int running = Math.min(QUERIES, 2 * Runtime.getRuntime().availableProcessors());
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.get("/metrics").body().contains("\nprometheus_engine_queries " + running));
            assertThat(server.terminate()).isZero();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(0, 499, 503);
            }
            assertThat(server.log()).contains("stopped failures=0");
        }
    }

    @Test
    void duringRemoteWriteWithAllThatWasAcknowledged() throws Exception {
        long now = WallClock.system().millis();
        int[] acknowledged = new int[WRITERS];
        try (ServerProcess server = start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int self = writer;
                writers.add(threads.submit(() -> {
                    while (isAcknowledged(server.uri(), self, now + acknowledged[self])) {
                        acknowledged[self]++;
                    }
                    return null;
                }));
            }
            await().atMost(ServerProcess.LIMIT)
                    .until(() -> server.query("acked").size() == WRITERS
                            && Integer.parseInt(String.valueOf(server.value("sum(count_over_time(acked[1h]))"))) > 200);
            assertThat(server.terminate()).isZero();
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(server.log()).contains("stopped failures=0");
        }
        try (ServerProcess server = start()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                String count = server.value("count_over_time(acked{writer=\"" + writer + "\"}[1h])");
                assertThat(Integer.parseInt(String.valueOf(count))).isGreaterThanOrEqualTo(acknowledged[writer]);
            }
        }
    }

    private boolean isAcknowledged(URI server, int writer, long timestampMs) throws InterruptedException {
        ProtobufWriter series = RemoteWriteBody.series(List.of("__name__", "acked", "writer", Integer.toString(writer)))
                .message(2, RemoteWriteBody.sample(timestampMs, 1));
        try {
            return write(server, new ProtobufWriter().message(1, series)) == 204;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void onceHoweverOftenItIsTold() throws Exception {
        try (ServerProcess server = start()) {
            for (int i = 0; i < 20; i++) {
                server.signal("HUP");
            }
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            server.signal("HUP");
            server.signal("TERM");
            server.signal("INT");
            try {
                server.post("/-/quit");
            } catch (IOException _) {
                // Does not listen any more.
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(server.log().split("stopped failures=0", -1)).hasSize(2);
        }
    }

    @Test
    void byHttpWhileItStarts() throws Exception {
        try (ServerProcess server = ServerProcess.launch(directory, ServerProcess.freePort(), arguments())) {
            await().atMost(ServerProcess.LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> server.post("/-/quit").statusCode() == 200);
            assertThat(server.exitCode()).isZero();
        }
    }
}
