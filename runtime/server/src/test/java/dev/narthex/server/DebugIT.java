// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.wire.ProtobufReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** promtool gathers what it wants from a server of ours, and the profiles in it are profiles. */
class DebugIT {
    private static final List<String> PROFILES =
            List.of("profile?seconds=1", "heap", "goroutine", "threadcreate", "block", "mutex");

    @TempDir
    private Path directory;

    private ServerProcess start() throws IOException {
        Files.writeString(directory.resolve("prometheus.yml"), "scrape_configs: []\n");
        return ServerProcess.start(
                directory,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"));
    }

    @Test
    void promtoolGathersEverything() throws Exception {
        try (ServerProcess server = start()) {
            // It writes into its working directory, and takes two times thirty seconds.
            Process process = new ProcessBuilder(
                            Peers.promtool().toString(),
                            "debug",
                            "all",
                            server.uri().toString())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("promtool.log").toFile())
                    .start();
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(directory.resolve("promtool.log")))
                    .isZero();
            String listed = CommandResult.of(
                            Path.of("/usr/bin/tar"),
                            "tzf",
                            directory.resolve("debug.tar.gz").toString())
                    .assertSuccess()
                    .output();
            assertThat(listed.lines())
                    .containsExactlyInAnyOrder(
                            "cpu.pb",
                            "block.pb",
                            "goroutine.pb",
                            "heap.pb",
                            "mutex.pb",
                            "threadcreate.pb",
                            "trace.pb",
                            "metrics.txt");
        }
    }

    @Test
    void profilesTellOfThreadsAndMemory() throws Exception {
        try (ServerProcess server = start();
                HttpClient http = HttpClient.newHttpClient()) {
            for (String profile : PROFILES) {
                HttpResponse<byte[]> answer = http.send(
                        HttpRequest.newBuilder(URI.create(server.uri() + "/debug/pprof/" + profile))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.statusCode()).as(profile).isEqualTo(200);
                List<String> texts = strings(answer.body());
                assertThat(texts.getFirst()).as(profile).isEmpty();
                if (profile.equals("heap")) {
                    assertThat(texts)
                            .contains("inuse_space", "bytes", "Java heap")
                            .anyMatch(text -> text.startsWith("storage: "));
                }
                if (profile.equals("goroutine")) {
                    assertThat(texts)
                            .anyMatch(text -> text.contains("vert.x-eventloop"))
                            .anyMatch(text -> text.startsWith("java.lang.Thread"));
                }
            }
            assertThat(server.get("/debug/pprof/goroutine?debug=2").body()).contains("vert.x-eventloop", "\tat ");
            assertThat(server.get("/debug/pprof/trace?seconds=1").body())
                    .startsWith("=== 2")
                    .contains("\tat ");
            assertThat(server.get("/debug/pprof/nope").statusCode()).isEqualTo(404);
        }
    }

    /** The texts of a profile: its field 6. */
    private static List<String> strings(byte[] compressed) throws IOException {
        byte[] profile;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            profile = in.readAllBytes();
        }
        List<String> texts = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader().over(profile, 0, profile.length);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 6) {
                texts.add(reader.text());
            }
        }
        return texts;
    }
}
