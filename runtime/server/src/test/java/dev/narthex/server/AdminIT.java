// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same administration of a real Prometheus and of our server, and experimental features switched on. */
class AdminIT {
    private static final String ADMIN = "/api/v1/admin/tsdb/";

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final long now = WallClock.system().millis();

    private ServerProcess narthex(String... flags) throws IOException {
        Path place = Files.createDirectories(directory.resolve("ours"));
        Files.writeString(place.resolve("prometheus.yml"), "global: {}\n");
        List<String> all = new ArrayList<>(List.of(
                "run",
                "--config.file=" + place.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + place.resolve("data"),
                "--web.enable-remote-write-receiver"));
        all.addAll(List.of(flags));
        return ServerProcess.start(place, ServerProcess.freePort(), all.toArray(String[]::new));
    }

    private HttpResponse<String> post(URI server, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(server.resolve(path)).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Two series with one sample each. */
    private void write(URI server) throws IOException, InterruptedException {
        ProtobufWriter request = new ProtobufWriter();
        for (String name : List.of("kept", "gone")) {
            ProtobufWriter label = new ProtobufWriter().text(1, "__name__").text(2, name);
            ProtobufWriter sample = new ProtobufWriter().float64(1, 5).int64(2, now);
            request.message(1, new ProtobufWriter().message(1, label).message(2, sample));
        }
        byte[] raw = request.toByteArray();
        byte[] literal = {(byte) (61 << 2), (byte) (raw.length - 1), (byte) ((raw.length - 1) >>> 8)};
        ProtobufWriter block = new ProtobufWriter().varint(raw.length);
        byte[] head = block.toByteArray();
        byte[] body = new byte[head.length + literal.length + raw.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(literal, 0, body, head.length, literal.length);
        System.arraycopy(raw, 0, body, head.length + literal.length, raw.length);
        assertThat(post(server, "/api/v1/write", HttpRequest.BodyPublishers.ofByteArray(body))
                        .statusCode())
                .isEqualTo(204);
    }

    private String answer(URI server, String request) throws IOException, InterruptedException {
        HttpResponse<String> response = post(server, ADMIN + request, HttpRequest.BodyPublishers.noBody());
        return response.statusCode() + " "
                + response.headers().firstValue("Content-Type").orElse("-") + " "
                + response.body().replaceAll("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}", "NAME");
    }

    @Test
    void administersAsPrometheusDoes() throws Exception {
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        try (PeerProcess prometheus = PeerProcess.prometheus(
                        Peers.newestPrometheus().orElseGet(Peers::prometheus),
                        "global: {}\n",
                        theirs,
                        "--web.enable-remote-write-receiver",
                        "--web.enable-admin-api");
                ServerProcess narthex = narthex("--web.enable-admin-api")) {
            write(prometheus.uri());
            write(narthex.uri());
            for (String request : List.of(
                    "delete_series",
                    "delete_series?match[]=",
                    "delete_series?match[]={",
                    "delete_series?match[]=gone&start=x",
                    "delete_series?match[]=gone&end=x",
                    "delete_series?match[]=kept&start=5&end=2",
                    "delete_series?match[]=nope",
                    "delete_series?match[]=gone",
                    "clean_tombstones",
                    "snapshot?skip_head=x",
                    "snapshot?skip_head=true",
                    "snapshot")) {
                String encoded = request.replace("[", "%5B").replace("]", "%5D").replace("{", "%7B");
                assertThat(answer(narthex.uri(), encoded)).as(request).isEqualTo(answer(prometheus.uri(), encoded));
            }
            String query = "/api/v1/query?time=" + (now / 1000 + 1) + "&query="
                    + URLEncoder.encode("{__name__=~\"kept|gone\"}", StandardCharsets.UTF_8);
            assertThat(narthex.get(query).body())
                    .isEqualTo(prometheus.get(query).body())
                    .contains("kept")
                    .doesNotContain("gone");
            assertThat(narthex.get("/metrics").body())
                    .contains("prometheus_tsdb_blocks_loaded 0\n")
                    .contains("prometheus_tsdb_compactions_total 0\n")
                    .contains("prometheus_tsdb_retention_limit_bytes 0\n");
        }
        try (var snapshots = Files.list(directory.resolve("ours/data/snapshots"))) {
            assertThat(snapshots).hasSize(2);
        }
    }

    @Test
    void administrationThatIsNotSwitchedOnIsRefused() throws Exception {
        try (ServerProcess narthex = narthex()) {
            assertThat(answer(narthex.uri(), "delete_series?match%5B%5D=up"))
                    .isEqualTo("500 application/json {\"status\":\"error\",\"errorType\":\"unavailable\","
                            + "\"error\":\"admin APIs disabled\"}");
        }
    }

    @Test
    void experimentalFeaturesAreSwitchedOnByName() throws Exception {
        String query = "/api/v1/query?query=" + URLEncoder.encode("limitk(1, vector(1))", StandardCharsets.UTF_8);
        try (ServerProcess narthex = narthex("--enable-feature=promql-experimental-functions,no-such-feature")) {
            assertThat(narthex.get(query).statusCode()).isEqualTo(200);
            assertThat(narthex.log()).contains("flag without effect flag=--enable-feature=no-such-feature");
        }
        try (ServerProcess narthex = narthex()) {
            assertThat(narthex.get(query).statusCode()).isEqualTo(400);
        }
    }
}
