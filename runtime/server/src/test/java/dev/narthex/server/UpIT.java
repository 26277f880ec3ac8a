// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's first minutes: {@code narthex up examples/getting-started}, on ports of the test's own. */
class UpIT {
    @TempDir
    Path directory;

    private static ConditionFactory soon() {
        return await().atMost(ServerProcess.LIMIT).pollInterval(Duration.ofMillis(200));
    }

    private void copyExample(int port, int demo, int receiver) throws IOException {
        Path example = Path.of(String.valueOf(System.getProperty("narthex.examples")), "getting-started");
        try (Stream<Path> files = Files.list(example)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file)
                        .replace("127.0.0.1:9090", "127.0.0.1:" + port)
                        .replace("127.0.0.1:9464", "127.0.0.1:" + demo)
                        .replace("127.0.0.1:9465", "127.0.0.1:" + receiver);
                Files.writeString(directory.resolve(String.valueOf(file.getFileName())), text);
            }
        }
    }

    private static JsonObject resource(ServerProcess server, String kind, String name) throws IOException {
        JsonArray all = server.data("/api/v1/status/resources").getJsonArray("resources");
        for (int i = 0; i < all.size(); i++) {
            JsonObject resource = all.getJsonObject(i);
            if (resource.getString("kind").equals(kind)
                    && resource.getString("name").equals(name)) {
                return resource;
            }
        }
        return new JsonObject();
    }

    @Test
    void bringsTargetsUpAndDeliversANotification() throws Exception {
        int port = ServerProcess.freePort();
        int demo = ServerProcess.freePort();
        int receiver = ServerProcess.freePort();
        copyExample(port, demo, receiver);
        try (ServerProcess server = ServerProcess.start(
                directory,
                port,
                "up",
                directory.toString(),
                "--demo.listen-address=127.0.0.1:" + demo,
                "--receiver.listen-address=127.0.0.1:" + receiver,
                "--fault-after=0s")) {
            soon().untilAsserted(
                            () -> assertThat(server.value("count(up == 1)")).isEqualTo("2"));
            soon().untilAsserted(() -> assertThat(server.log())
                    .contains("Narthex is up: " + server.uri() + "/")
                    .contains("Notification for default/printer: FIRING, 1 alert")
                    .contains("DemoErrorsHigh  app=demo  namespace=default  route=/checkout  severity=critical"));
            assertThat(Files.isDirectory(directory.resolve(".narthex").resolve("data")))
                    .isTrue();
            soon().untilAsserted(() -> {
                JsonObject webhook = resource(server, "Receiver", "printer")
                        .getJsonObject("receiver")
                        .getJsonArray("integrations")
                        .getJsonObject(0);
                assertThat(webhook.getInteger("sent")).isPositive();
                assertThat(webhook.getString("lastSuccess")).isNotEmpty();
            });

            refusesABadEditAndGoesOn(server);
            tellsTheEnd(server, demo);
            assertThat(server.terminate()).isZero();
        }
    }

    private void refusesABadEditAndGoesOn(ServerProcess server) throws IOException {
        Path alerts = directory.resolve("3-alerts.yaml");
        String good = Files.readString(alerts);
        Files.writeString(alerts, "  - {alert: Broken, expr: 'up ==', wrong: 1}\n", StandardOpenOption.APPEND);
        soon().untilAsserted(
                        () -> assertThat(server.log()).contains("refused  ").contains("wrong: unknown field"));
        assertThat(resource(server, "AlertRule", "demo").getString("health")).isEqualTo("rejected");
        assertThat(resource(server, "ScrapeTarget", "demo").getString("health")).isEqualTo("ok");
        assertThat(server.data("/api/v1/rules").getJsonArray("groups")).hasSize(1);

        Files.writeString(alerts, good.replace("TargetDown", "TargetGone"));
        soon().untilAsserted(
                        () -> assertThat(server.get("/api/v1/rules").body()).contains("TargetGone"));
    }

    private static void tellsTheEnd(ServerProcess server, int demo) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest off = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + demo + "/fault/off"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(off, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
        soon().untilAsserted(
                        () -> assertThat(server.log()).contains("Notification for default/printer: RESOLVED, 1 alert"));
    }
}
