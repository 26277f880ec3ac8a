// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dozen hostile targets at once, without any limit in the configuration, against a server with a heap of 128 MB: each
 * is down for a reason, a good target goes on being up, and the memory of the process
 * stays bounded.
 */
class HostileMemoryIT {
    private static final int HEAP_MB = 128;
    private static final int SCRAPES = 2;

    private static final String CONFIG = """
            global: {scrape_interval: 5s, scrape_timeout: 5s}
            scrape_configs:
            - {job_name: good, metrics_path: /good, static_configs: [{targets: ['TARGET']}]}
            - job_name: hostile
              static_configs:
            """;

    @TempDir
    Path directory;

    private final byte[] bomb = bomb();

    private static byte[] bomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < 512; i++) {
                out.write(part);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        switch (request.target().replaceFirst("\\d+$", "")) {
            case "/good" -> text(out, "a 1\n");
            case "/endless" -> {
                out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] part = "a{b=\"c\"} 1\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(part);
                }
            }
            case "/bomb" ->
                LoopbackServer.respond(
                        out, 200, Map.of("Content-Type", "text/plain", "Content-Encoding", "gzip"), bomb);
            case "/line" -> text(out, "a{b=\"" + "x".repeat(10 << 20));
            default -> throw new IOException("no such target");
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        LoopbackServer.respond(out, "text/plain", text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void hostileTargetsTakeNoMoreMemoryThanTheyMay() throws Exception {
        try (LoopbackServer target = LoopbackServer.start(this::answer)) {
            StringBuilder config = new StringBuilder(CONFIG);
            for (int i = 0; i < 4; i++) {
                for (String kind : new String[] {"endless", "bomb", "line"}) {
                    config.append("  - {targets: ['TARGET'], labels: {__metrics_path__: /" + kind + i + ", instance: ")
                            .append(kind)
                            .append(i)
                            .append("}}\n");
                }
            }
            Path file = directory.resolve("prometheus.yml");
            Files.writeString(file, config.toString().replace("TARGET", target.address()));
            try (ServerProcess server = ServerProcess.startSmall(
                    directory,
                    ServerProcess.freePort(),
                    HEAP_MB,
                    "run",
                    "--config.file=" + file,
                    "--storage.tsdb.path=" + directory.resolve("data"))) {
                await().atMost(ServerProcess.LIMIT)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> count(server, "count_over_time(up{job=\"hostile\"}[5m])") >= 12 * SCRAPES);
                await().atMost(ServerProcess.LIMIT)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> "1".equals(server.value("up{job=\"good\"}")));
                for (Object entry :
                        server.data("/api/v1/targets?scrapePool=hostile").getJsonArray("activeTargets")) {
                    JsonObject active = (JsonObject) entry;
                    assertThat(active.getString("health")).isEqualTo("down");
                    assertThat(active.getString("lastError"))
                            .as(active.getJsonObject("labels").encode())
                            .containsAnyOf(
                                    "size limit exceeded", "no memory for a body", "line 1", "deadline exceeded");
                }
                assertThat(count(server, "sum_over_time(up{job=\"hostile\"}[5m])"))
                        .isZero();
                assertThat(server.peakMemoryMb()).as("peak resident memory").isLessThan(HEAP_MB + 160);
            }
        }
    }

    /** The values of the result's samples together. */
    private static long count(ServerProcess server, String query) throws IOException {
        long sum = 0;
        JsonArray result = server.query(query);
        for (int i = 0; i < result.size(); i++) {
            sum += Long.parseLong(result.getJsonObject(i).getJsonArray("value").getString(1));
        }
        return sum;
    }
}
